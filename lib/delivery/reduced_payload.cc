// SPDX-License-Identifier: Apache-2.0
#include "delivery/reduced_payload.h"

#include <algorithm>
#include <array>

#include "base/joined.h"
#include "base/text.h"
#include "json/value.h"
#include "mapping/describe/markdown.h"

namespace socbridge::delivery {
namespace {

constexpr std::size_t kSmallDescription = 8192;
constexpr std::size_t kMostListed = 100;
constexpr std::size_t kMostShown = 200;

// TheHive's built-in types (docs/protocols/thehive.md, "Observables in an alert"); a platform may
// lack types that others have added.
constexpr std::array<std::string_view, 16> kOwnTypes = {
    "autonomous-system", "domain",   "file", "filename",     "fqdn",  "hash",
    "hostname",          "ip",       "mail", "mail-subject", "other", "regexp",
    "registry",          "uri_path", "url",  "user-agent"};

bool is_own(std::string_view type) {
  return std::find(kOwnTypes.begin(), kOwnTypes.end(), type) != kOwnTypes.end();
}

// Whether `text` contains `word` as a complete word.
bool names(const std::string& text, const std::string& word) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) {
      return true;
    }
  }
  return false;
}

// A JSON string without its quotes; any other value unchanged.
std::string value_text(const std::string& json) {
  const auto document = json::Document::parse(json);
  return document.ok() ? document->root().scalar_text().value_or(json) : json;
}

bool mentions(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

// The custom fields that the server's words name, or whose value the complete message repeats:
// version 4 names an unknown field, but for a wrong type it shows only the value. All fields if
// none is found.
Parts fields_named_by(const std::string& words, const std::string& message,
                      const thehive::Alert& sent) {
  Parts named, shown;
  for (const thehive::CustomField& one : sent.custom_fields) {
    if (one.name.find(',') != std::string::npos) continue;  // the name cannot be stored as a part
    const std::string part = "field=" + one.name;
    if (names(words, ascii_lower(one.name))) named.push_back(part);
    const std::string value = ascii_lower(value_text(one.value_json));
    constexpr std::size_t kLeastLength = 3;
    if (value.size() >= kLeastLength && names(message, value)) shown.push_back(part);
  }
  if (!named.empty()) return named;
  return shown.empty() ? Parts{"custom_fields"} : shown;
}

// The part that the server's words name; empty if none.
Parts named_by(const thehive::Delivery& refusal, const thehive::Alert& sent) {
  const std::string& words = refusal.about;
  if (mentions(words, {"observabletype", "observable type", "datatype", "data type"})) {
    Parts types;
    for (const thehive::Observable& one : sent.observables) {
      const std::string part = "type=" + one.data_type;
      if (one.data_type != "other" && names(words, one.data_type) && !contains(types, part)) {
        types.push_back(part);
      }
    }
    if (types.empty()) types.emplace_back("types");
    return types;
  }
  if (mentions(words, {"customfield", "custom field"})) {
    return fields_named_by(words, ascii_lower(refusal.message), sent);
  }
  if (mentions(words, {"casetemplate", "case template"})) return {"case_template"};
  if (mentions(words, {"pattern", "technique", "procedure"})) return {"procedures"};
  if (mentions(words, {"externallink", "external link"})) return {"external_link"};
  return {};
}

Parts everything() {
  return {"observables",   "procedures",    "custom_fields",
          "case_template", "external_link", "long_text"};
}

// Whether omitting the part changes the alert.
bool matters(const thehive::Alert& sent, const std::string& part) {
  if (part == "observables") return !sent.observables.empty();
  if (part == "procedures") return !sent.procedures.empty();
  if (part == "custom_fields") return !sent.custom_fields.empty();
  if (part == "case_template") return !sent.case_template.empty();
  if (part == "external_link") return !sent.external_link.empty();
  if (part == "long_text") return true;
  if (part.starts_with("field=")) {
    return std::any_of(sent.custom_fields.begin(), sent.custom_fields.end(),
                       [&](const auto& one) { return part == "field=" + one.name; });
  }
  return std::any_of(sent.observables.begin(), sent.observables.end(), [&](const auto& one) {
    return part == "types" ? !is_own(one.data_type) : part == "type=" + one.data_type;
  });
}

std::string phrase(const std::string& part) {
  if (part == "types") return "unusual data types sent as other";
  if (part.starts_with("type=")) {
    return "data type " + printable(std::string_view(part).substr(5), 64) + " sent as other";
  }
  if (part.starts_with("field=")) {
    return "custom field " + printable(std::string_view(part).substr(6), 64) + " left out";
  }
  if (part == "custom_fields") return "custom fields left out";
  if (part == "case_template") return "case template left out";
  if (part == "external_link") return "external link left out";
  if (part == "long_text") return "long text cut";
  return printable(part, 40) + " left out";
}

bool is_left_out(const thehive::CustomField& field, const Parts& parts) {
  return contains(parts, "custom_fields") || contains(parts, "field=" + field.name);
}

std::string listed(const thehive::Alert& alert, const Parts& parts) {
  std::string out;
  std::size_t lines = 0;
  const auto line = [&](std::string_view what, std::string_view value) {
    if (++lines > kMostListed) return;
    out += "\n- " + std::string(what) + ": " + mapping::escape_markdown(value, kMostShown);
  };
  if (contains(parts, "observables")) {
    for (const auto& one : alert.observables) line(one.data_type, one.data);
  }
  if (contains(parts, "procedures")) {
    for (const auto& one : alert.procedures) line("technique", one.pattern_id);
  }
  for (const auto& one : alert.custom_fields) {
    if (is_left_out(one, parts)) line(one.name, one.value_json);
  }
  if (contains(parts, "case_template") && !alert.case_template.empty()) {
    line("case template", alert.case_template);
  }
  if (contains(parts, "external_link") && !alert.external_link.empty()) {
    line("link", alert.external_link);
  }
  if (lines > kMostListed) out += "\n- and " + std::to_string(lines - kMostListed) + " more";
  return out;
}

// The server names only one bad custom field at a time.
bool only_fields(const Parts& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const std::string& part) { return part.starts_with("field="); });
}

}  // namespace

Parts parse_parts(std::string_view words) {
  Parts parts;
  for (const std::string_view word : split(words, ',')) {
    if (!trim(word).empty()) parts.emplace_back(trim(word));
  }
  return parts;
}

std::string join_parts(const Parts& parts) { return joined(parts, ","); }

std::optional<Parts> leave_out(const thehive::Alert& sent, const thehive::Delivery& refusal,
                               const Parts& already) {
  if (refusal.wrong_place) return {};
  Parts next;
  if (refusal.verdict == thehive::Verdict::too_large) {
    next = {"long_text"};
  } else if (only_fields(already) && refusal.verdict == thehive::Verdict::refused) {
    next = named_by(refusal, sent);
  }
  std::erase_if(next, [&](const std::string& part) {
    return contains(already, part) || !matters(sent, part);
  });
  if (next.empty() && refusal.verdict != thehive::Verdict::too_large) {
    next = everything();
    std::erase_if(next, [&](const std::string& part) {
      return contains(already, part) || !matters(sent, part);
    });
  }
  if (next.empty()) return {};
  Parts all = already;
  all.insert(all.end(), next.begin(), next.end());
  return all;
}

thehive::Alert without(thehive::Alert alert, const Parts& parts, std::string_view servers_words) {
  if (parts.empty()) return alert;
  std::string note =
      "\n\n---\n**Changed by socbridge, because TheHive refused the original alert**: " +
      mapping::escape_markdown(describe_parts(parts), 1000) + ".";
  if (!servers_words.empty()) {
    note += " TheHive said: " + mapping::escape_markdown(servers_words, 300);
  }
  note += listed(alert, parts);
  for (thehive::Observable& one : alert.observables) {
    const bool other = contains(parts, "type=" + one.data_type) ||
                       (contains(parts, "types") && !is_own(one.data_type));
    if (!other) continue;
    one.tags.push_back("type:" + one.data_type);
    one.data_type = "other";
  }
  if (contains(parts, "observables")) alert.observables.clear();
  if (contains(parts, "procedures")) alert.procedures.clear();
  std::erase_if(alert.custom_fields, [&](const auto& one) { return is_left_out(one, parts); });
  if (contains(parts, "case_template")) alert.case_template.clear();
  if (contains(parts, "external_link")) alert.external_link.clear();
  if (contains(parts, "long_text")) {
    alert.description = truncate_utf16(alert.description, kSmallDescription);
  }
  alert.description += note;
  return alert;
}

std::string describe_parts(const Parts& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += ", ";
    out += phrase(part);
  }
  return out;
}

}  // namespace socbridge::delivery
