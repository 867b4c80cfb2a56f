// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox {

// Reads the fields of a request body and collects the errors. Version 5: 400 BadRequest with the
// fields in its message. Version 4: 400 AttributeCheckingError with `errors`
// (docs/protocols/thehive.md, "Errors"). Unknown fields are ignored, like in TheHive; null counts
// as absent. Lengths are UTF-16 units. Version 4 has no limits, so only the JSON type is checked.
class Fields {
 public:
  // `prefix` precedes the names in messages, such as `observables[3].`.
  Fields(json::Value object, const Version& version, std::string prefix = {});

  bool has(const char* name) const;
  // Empty if the field is absent, or invalid, which adds an error.
  std::optional<std::string> text(const char* name, std::size_t shortest, std::size_t longest);
  std::optional<std::int64_t> integer(const char* name);
  std::optional<int> choice(const char* name, int lowest, int highest);
  std::optional<bool> flag(const char* name);
  std::optional<std::vector<std::string>> tags(const char* name);  // each 1..128, unique
  std::string required_text(const char* name, std::size_t shortest, std::size_t longest);

  void missing(const char* name);
  // `accepted`: the formats that version 4 lists as valid; empty: `format`.
  void invalid(const char* name, const std::string& format, const std::string& why,
               const std::string& accepted = {});
  void add(const Fields& inner);  // adds its errors

  json::Value operator[](const char* name) const { return object_[name]; }
  const Version& version() const { return version_; }
  bool ok() const { return errors_.empty(); }
  ApiError error() const;

 private:
  struct Error {
    std::string name, kind, format, why, accepted, value;
  };
  json::Value present(const char* name) const;
  ApiError error_of_v4() const;

  json::Value object_;
  Version version_;
  std::string prefix_;
  std::vector<Error> errors_;
};

inline constexpr std::size_t kMegabyte = 1048576;
inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

}  // namespace socbridge::sandbox
