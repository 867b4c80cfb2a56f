// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "json/value.h"

namespace socbridge::json {

// Finds positions in the text of a configuration file like locate() and locate_value()
// (json/value.h), but parses the text only once. The text must outlive it.
class Locator {
 public:
  explicit Locator(std::string_view text);
  Locator(Locator&&) noexcept;
  Locator& operator=(Locator&&) noexcept;
  ~Locator();

  std::string member(std::string_view dotted, std::size_t occurrence = 0) const;
  std::string value(std::string_view pointer, std::size_t offset = kWholeValue,
                    std::size_t occurrence = 0) const;

 private:
  std::string_view text_;
  std::unique_ptr<Document::Impl> impl_;  // null: not JSON
};

}  // namespace socbridge::json
