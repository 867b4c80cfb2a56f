// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "http/client.h"

namespace socbridge::http {

// The header lines of one request for libcurl. The memory is wiped before it is freed, because one
// of the lines has the key.
class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList();

  // Builds the list. False if a name or value has a line break or another control character, which
  // could add a header.
  bool build(const Request& request, bool has_body);
  curl_slist* get() const { return list_; }

 private:
  bool add(std::string_view name, std::string_view before, std::string_view value);
  bool append(const char* line);
  curl_slist* list_ = nullptr;
};

}  // namespace socbridge::http
