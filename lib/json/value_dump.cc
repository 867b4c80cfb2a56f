// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "json/duplicate_keys.h"
#include "json/indented.h"
#include "json/quote.h"
#include "json/value.h"

namespace socbridge::json {
namespace {

enum class Layout { compact, indented };

class Dump {
 public:
  explicit Dump(Layout layout) : indented_(layout == Layout::indented) {}

  void add(Value value) {
    switch (value.type()) {
      case Type::string: append_quoted(out_, value.string_or_empty()); break;
      case Type::array: array(value); break;
      case Type::object: object(value); break;
      case Type::number:
      case Type::boolean: out_ += value.text(); break;
      default: out_ += "null"; break;
    }
  }
  std::string take() && { return std::move(out_); }

 private:
  void array(Value value) {
    open('[');
    for (std::size_t i = 0; i < value.size(); ++i) {
      separate(i);
      add(value.value_at(i));
    }
    close(']', value.size());
  }

  void object(Value value) {
    DuplicateKeyFilter names(value);
    open('{');
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (!names.is_first(i)) continue;
      separate(i);
      append_quoted(out_, value.key_at(i));
      out_ += indented_ ? ": " : ":";
      add(value.value_at(i));
    }
    close('}', value.size());
  }

  void open(char bracket) {
    out_ += bracket;
    ++depth_;
  }
  void separate(std::size_t index) {
    if (index != 0) out_ += ',';
    break_line();
  }
  void close(char bracket, std::size_t size) {
    --depth_;
    if (size != 0) break_line();
    out_ += bracket;
  }
  void break_line() {
    if (!indented_) return;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  bool indented_;
  std::size_t depth_ = 0;
  std::string out_;
};

std::string dumped(Value value, Layout layout) {
  Dump dump(layout);
  dump.add(value);
  return std::move(dump).take();
}

}  // namespace

std::string Value::dump() const { return dumped(*this, Layout::compact); }

std::string indented(const Value& value) { return dumped(value, Layout::indented); }

}  // namespace socbridge::json
