// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "observable/network.h"

namespace socbridge::analysis {

// Values that no analyzer may receive, such as your own names and networks:
//   198.51.100.0/24, 2001:db8::/32   addresses of that network
//   *.example.com                    names below it, and mail addresses and URLs of these
//   anything else                    exactly that value, in any case
class Exclusions {
 public:
  // Errors: usage, a network with an invalid prefix length.
  static Result<Exclusions> make(const std::vector<std::string>& patterns);
  // The pattern that covers the value, or empty.
  std::string_view find(std::string_view data_type, std::string_view value) const;

 private:
  struct Row {
    std::string text;  // as written
    observable::Network network;
  };
  std::vector<Row> networks_;
  std::vector<std::string> names_;   // `.example.com`
  std::vector<std::string> wholes_;  // in lower case
  std::vector<std::string> name_texts_;
};

}  // namespace socbridge::analysis
