// SPDX-License-Identifier: Apache-2.0
#include "json/duplicate_keys.h"
#include "json/node.h"
#include "json/quote.h"
#include "json/value.h"

namespace socbridge::json {
namespace {

void dump_to(std::string& out, Value value) {
  switch (value.type()) {
    case Type::string: append_quoted(out, *value.string()); break;
    case Type::array:
      out += '[';
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (i != 0) out += ',';
        dump_to(out, value.value_at(i));
      }
      out += ']';
      break;
    case Type::object: {
      DuplicateKeyFilter names(value);
      out += '{';
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (!names.is_first(i)) continue;
        if (i != 0) out += ',';
        append_quoted(out, value.key_at(i));
        out += ':';
        dump_to(out, value.value_at(i));
      }
      out += '}';
      break;
    }
    case Type::number:
    case Type::boolean: out += *value.scalar_text(); break;
    default: out += "null"; break;
  }
}

}  // namespace

std::string Value::dump() const {
  std::string out;
  dump_to(out, *this);
  return out;
}

}  // namespace socbridge::json
