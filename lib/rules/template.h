// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/fault.h"
#include "wazuh/alert.h"

namespace socbridge::rules {

// The data that a template is filled from.
struct Subject {
  const wazuh::Alert& alert;
  std::string_view source_ref;
  UnixMillis date_ms = 0;
  std::string_view description = {};  // the value of {description}, if it is used
};

// Encodes each value before it is inserted; null: unchanged.
using Encode = std::string (*)(std::string_view);

// Text with fields of the alert in braces, parsed once:
//   {rule.description}          the field; a list is joined by ", "
// {data.srcuser|data.dstuser|"unknown"}   the first that is present
//   {data.x|first|upper}        filters: upper, lower, trim, first, last, basename, join:SEP,
//                               cut:N (characters), json, url
// Names are those of check_name(): id, source_ref, time.from, time.to (5 minutes around the alert,
// ISO 8601), description (only where Subject has one; it is not encoded) and every dotted path. A
// word that is neither a filter nor a field is a default too. `{{` and `}}` are braces. Immutable,
// so threads may share it.
class Template {
 public:
  Template() = default;  // empty text
  // For texts in code. What read() would refuse stays literal.
  Template(std::string_view text);  // NOLINT(google-explicit-constructor)
  Template(const char* text) : Template(std::string_view(text)) {}         // NOLINT
  Template(const std::string& text) : Template(std::string_view(text)) {}  // NOLINT

  // Errors are added to `faults` with their offset in the text.
  static Template read(std::string_view text, Faults& faults);

  const std::string& source() const { return source_; }  // the original text
  bool empty() const { return parts_.empty(); }
  // Whether it has no field: the same for every alert.
  bool constant() const;
  // The text of a constant template, with `{{` and `}}` replaced by braces.
  std::string_view literal() const;
  bool names(std::string_view field) const;

  struct Filled {
    std::string text;
    bool complete = true;  // every field, or a default of it, was present
  };
  Filled fill(const Subject& subject, Encode encode = nullptr) const;
  std::string text(const Subject& subject, Encode encode = nullptr) const {
    return fill(subject, encode).text;
  }
  // A template that is a single field returns each element of a list. Any other template returns
  // one text, or none if one of its fields is missing.
  std::vector<std::string> list(const Subject& subject) const;
  // The value as JSON: a single field keeps its type, anything else is a text. "" if empty.
  std::string json(const Subject& subject) const;

  bool operator==(const Template& other) const { return source_ == other.source_; }

 private:
  friend class TemplateParser;
  enum class Filter { upper, lower, trim, first, last, basename, join, cut, json, url };
  struct Step {
    enum class Kind { filter, field, text } kind = Kind::text;
    Filter filter = Filter::upper;
    std::string argument;    // name of the field, default text, separator
    std::size_t number = 0;  // of `cut`
  };
  struct Part {
    std::string literal;      // used if there are no steps
    std::vector<Step> steps;  // the first one is a field
  };
  struct Value;
  static Value load(const std::string& name, const Subject& subject);
  static Value value_of(const Part& part, const Subject& subject);
  static void apply(const Step& step, Value& value);

  std::string source_;
  std::vector<Part> parts_;
};

}  // namespace socbridge::rules
