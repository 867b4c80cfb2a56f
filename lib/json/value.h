// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace socbridge::json {

enum class Type { missing, null, boolean, number, string, array, object };
const char* type_name(Type type);

// A read-only view of one value inside a Document, cheap to copy. A view of an absent value has
// type `missing`; every call on it is safe, so chains such as v["a"]["b"] need no checks. Valid as
// long as its Document.
class Value {
 public:
  Value() = default;

  Type type() const;
  bool missing() const { return node_ == nullptr; }
  explicit operator bool() const { return !missing(); }
  bool is_object() const { return type() == Type::object; }
  bool is_array() const { return type() == Type::array; }
  bool is_string() const { return type() == Type::string; }
  bool is_number() const { return type() == Type::number; }

  // Member by name, exact case; of duplicate names the FIRST wins (docs/protocols/wazuh.md,
  // "Encoding").
  Value operator[](std::string_view name) const;
  // Array element, or missing.
  Value at(std::size_t index) const;
  // Members of an object or elements of an array; 0 for all other types.
  std::size_t size() const;

  // Iteration by index: i < size().
  std::string_view key_at(std::size_t index) const;  // name of the object's i-th member
  Value value_at(std::size_t index) const;           // value of the i-th member or element

  // Empty if the value has another type.
  std::optional<std::string_view> string() const;
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;  // only an integer in range
  std::optional<double> number() const;

  // Text of a scalar: a string unchanged, a number or boolean in its JSON spelling; empty for null,
  // array, object, missing. Integers have no exponent or fraction.
  std::optional<std::string> scalar_text() const;
  // scalar_text(), or an empty string.
  std::string text() const { return scalar_text().value_or(std::string()); }
  // A string's bytes; empty for anything else. Valid as long as the document.
  std::string_view string_or_empty() const { return string().value_or(std::string_view()); }
  std::string string_text() const { return std::string(string_or_empty()); }
  // text() of each element; none for anything but an array.
  std::vector<std::string> texts() const;
  // A number, or a string that holds a decimal integer ("12").
  std::optional<std::int64_t> lenient_integer() const;

  // Dotted path: `a.b.c`. At each object the longest matching member name wins (`a.b` as one key
  // first), else it descends. Array indices are not part of paths.
  Value path(std::string_view dotted) const;

  // Compact JSON of this value. Duplicate members after the first are omitted.
  std::string dump() const;

 private:
  friend class Document;
  explicit Value(const void* node) : node_(node) {}
  const void* node_ = nullptr;
};

struct ParseOptions {
  bool comments = false;        // allow // and /* */ and a trailing comma (configuration files)
  bool repair_utf8 = true;      // invalid sequences, unpaired surrogates: U+FFFD
  bool allow_trailing = false;  // accept bytes after the first value
  std::size_t max_bytes = std::size_t{64} << 20;
  std::size_t max_depth = 512;  // deeper is an error, never a crash; at most 1024
  // Abridge text that is larger or deeper than allowed instead of refusing it: see json/abridge.h.
  // For alerts, whose shape an attacker may choose. Memory then stays below three times the text,
  // whatever its content.
  bool abridge = false;
  // Keep a number beyond double range as a number, with its spelling, instead of as a string.
  bool large_numbers = false;
  static ParseOptions configuration() {  // for files that people write
    ParseOptions options;
    options.comments = true;
    options.large_numbers = true;
    return options;
  }
  static ParseOptions abridging() {
    ParseOptions options;
    options.abridge = true;
    return options;
  }
};

// Owns parsed JSON. A leading UTF-8 byte-order mark is skipped. Raw control characters inside
// strings are accepted (Wazuh's logs hold them); with `comments` only the tab (a line break there
// is a missing quote). NUL bytes, NaN and infinities are errors. Numbers keep their spelling. Those
// beyond double range become strings instead of failing the document, unless `large_numbers` keeps
// them.
class Document {
 public:
  Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  // On error the message is "line L, column C: reason" (1-based, columns in bytes),
  // ExitCode::bad_input.
  static Result<Document> parse(std::string_view bytes, const ParseOptions& options = {});

  Value root() const;

  struct Impl;  // for lib/json itself

 private:
  std::unique_ptr<Impl> impl_;
};

// Position of the member at the `dotted` path in the parsed text, for error messages on
// configuration files: "line:column" of its name, or empty. If the name occurs several times, the
// one number `occurrence` (0 is the first) is located. Parses the text again (comments allowed).
std::string locate(std::string_view text, std::string_view dotted, std::size_t occurrence = 0);

// The same for the value at a JSON pointer (RFC 6901, `/rules/2/set/title`). A string: the position
// of its byte `offset`, counted from 0 in the decoded text. A number: its first digit. Any other
// value: its name; for an array element, the last name before it. An absent value: the last name
// that exists on the path. If the last name occurs several times, the one number `occurrence` (0 is
// the first) is located.
inline constexpr std::size_t kWholeValue = static_cast<std::size_t>(-1);
inline constexpr std::size_t kItsName = static_cast<std::size_t>(-2);  // the position of its name
std::string locate_value(std::string_view text, std::string_view pointer,
                         std::size_t offset = kWholeValue, std::size_t occurrence = 0);

}  // namespace socbridge::json
