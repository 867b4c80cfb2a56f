// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/value.h"

namespace socbridge::json {

// Writes compact JSON into a string. Strings should be valid UTF-8, else they are repaired. `<`,
// `>` and `&` are not escaped, control characters are. The writer sets the commas.
//   Writer w; w.begin_object(); w.key("a"); w.value("b"); w.end_object(); std::move(w).take();
class Writer {
 public:
  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);
  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(std::int64_t number);
  void value(int number) { value(static_cast<std::int64_t>(number)); }
  void value(std::uint64_t number);
  void value(double number);
  void value(bool flag);
  void null();
  void raw(std::string_view json);  // an already serialised value
  void value(const Value& v) { raw(v.dump()); }

  template <typename T>
  void member(std::string_view name, const T& v) {
    key(name);
    value(v);
  }

  const std::string& text() const { return out_; }
  std::string take() && { return std::move(out_); }

 private:
  void separate();
  std::string out_;
  bool first_ = true;
  bool after_key_ = false;
};

// "text" with quotes and escapes.
std::string quote(std::string_view text);
// The same JSON, indented by two blanks per level. Text that is not valid JSON is returned
// unchanged.
std::string pretty(std::string_view compact);
// JSON as YAML 1.2 block style; every string that YAML could read as something else is quoted.
std::string to_yaml(const Value& value);

}  // namespace socbridge::json
