// SPDX-License-Identifier: Apache-2.0
#include "thehive/sanitize.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <unordered_set>

#include "base/text.h"
#include "hash/digest.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::thehive {
namespace {

// One line: control characters and line breaks become blanks, both ends are trimmed.
std::string one_line(std::string_view text) {
  std::string out = repair_utf8(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';
  }
  return std::string(trim(out));
}

std::string cut_line(std::string_view text, std::size_t units) {
  return truncate_utf16(one_line(text), units);
}

// `;` separates the parts of an alert's name in the API (docs/protocols/thehive.md, "Direct
// reads").
std::string key_part(std::string_view text, std::size_t units) {
  std::string out = cut_line(text, units);
  std::replace(out.begin(), out.end(), ';', '_');
  return out;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// TheHive 4.0 reads `#RRGGBB` at the end of a tag as its colour (docs/protocols/thehive.md,
// "Tags").
std::string clean_tag(std::string_view text) {
  std::string tag = cut_line(text, limits::kTag);
  if (tag.size() >= 7 && tag[tag.size() - 7] == '#' &&
      std::all_of(tag.end() - 6, tag.end(), is_hex)) {
    tag[tag.size() - 7] = '_';
  }
  return tag;
}

std::vector<std::string> clean_tags(const std::vector<std::string>& tags) {
  std::vector<std::string> out;
  std::unordered_set<std::string> seen;
  for (const std::string& raw : tags) {
    std::string tag = clean_tag(raw);
    if (!tag.empty() && seen.insert(tag).second) out.push_back(std::move(tag));
  }
  return out;
}

int clean_tlp(int tlp, ApiVersion version) {
  return std::clamp(tlp, 0, version == ApiVersion::v4 ? 3 : 4);
}

std::string clean_data(std::string_view data) {
  const std::string repaired = repair_utf8(data);
  return truncate_utf16(trim(repaired), limits::kData);
}

std::vector<Observable> clean_observables(const std::vector<Observable>& observables,
                                          ApiVersion version) {
  std::vector<Observable> out;
  std::set<std::pair<std::string, std::string>> seen;
  for (const Observable& raw : observables) {
    Observable one;
    one.data_type = ascii_lower(cut_line(raw.data_type, limits::kDataType));
    one.data = clean_data(raw.data);
    if (one.data_type.empty()) one.data_type = "other";
    if (one.data.empty() || !seen.emplace(one.data_type, one.data).second) continue;
    one.message = truncate_utf16(repair_utf8(raw.message), limits::kMessage);
    one.tags = clean_tags(raw.tags);
    one.tlp = clean_tlp(raw.tlp, version);
    one.pap = std::clamp(raw.pap, 0, 3);
    one.ioc = raw.ioc;
    one.ignore_similarity = raw.ignore_similarity;
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Procedure> clean_procedures(const std::vector<Procedure>& procedures,
                                        UnixMillis alert_ms) {
  std::vector<Procedure> out;
  std::set<std::pair<std::string, std::string>> seen;
  for (const Procedure& raw : procedures) {
    Procedure one{one_line(raw.pattern_id), raw.occur_ms > 0 ? raw.occur_ms : alert_ms,
                  one_line(raw.tactic),
                  truncate_utf16(repair_utf8(raw.description), limits::kDescription)};
    if (utf16_length(one.tactic) > 32) one.tactic.clear();
    if (one.pattern_id.empty() || utf16_length(one.pattern_id) > limits::kPatternId) continue;
    if (one.occur_ms <= 0 || !seen.emplace(one.pattern_id, one.tactic).second) continue;
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<CustomField> clean_fields(const std::vector<CustomField>& fields) {
  std::vector<CustomField> out;
  std::set<std::string> seen;
  for (const CustomField& raw : fields) {
    std::string name = one_line(raw.name);
    if (name.empty() || utf16_length(name) > limits::kCustomFieldName) continue;
    const auto value = json::Document::parse(raw.value_json);
    std::string text;
    if (!value.ok()) {
      text = json::quote(repair_utf8(raw.value_json));
    } else if (value->root().type() == json::Type::null) {
      continue;
    } else if (value->root().is_array() || value->root().is_object()) {
      text = json::quote(value->root().dump());
    } else {
      text = value->root().dump();
    }
    if (seen.insert(name).second) out.push_back({std::move(name), std::move(text)});
  }
  return out;
}

}  // namespace

std::string clean_type(std::string_view type) {
  std::string out = key_part(type, limits::kType);
  return out.empty() ? "alert" : out;
}

std::string clean_source(std::string_view source) {
  std::string out = key_part(source, limits::kSource);
  return out.empty() ? "unknown" : out;
}

// A cut reference could equal that of another alert, so the digest of the full one is appended.
std::string clean_source_ref(std::string_view source_ref) {
  std::string out = key_part(source_ref, std::string_view::npos);
  if (utf16_length(out) <= limits::kSourceRef) return out;
  return truncate_utf16(out, limits::kSourceRef - 33) + "-" + sha256_hex(out).substr(0, 32);
}

Alert clean(const Alert& alert, ApiVersion version) {
  Alert out;
  out.type = clean_type(alert.type);
  out.source = clean_source(alert.source);
  out.title = cut_line(alert.title, limits::kTitle);
  if (out.title.empty()) out.title = "(no title)";
  out.description = truncate_utf16(repair_utf8(alert.description), limits::kDescription);
  out.source_ref = clean_source_ref(alert.source_ref);
  if (out.source_ref.empty()) {
    const std::string whole =
        out.title + '\n' + std::to_string(alert.date_ms) + '\n' + out.description;
    out.source_ref = "d-" + sha256_hex(whole).substr(0, 32);
  }
  out.external_link = one_line(alert.external_link);
  if (utf16_length(out.external_link) > limits::kExternalLink) out.external_link.clear();
  out.case_template = one_line(alert.case_template);
  if (utf16_length(out.case_template) > limits::kCaseTemplate) out.case_template.clear();
  out.severity = std::clamp(alert.severity, 1, 4);
  out.date_ms = alert.date_ms;
  out.tlp = clean_tlp(alert.tlp, version);
  out.pap = std::clamp(alert.pap, 0, 3);
  out.tags = clean_tags(alert.tags);
  out.observables = clean_observables(alert.observables, version);
  if (version == ApiVersion::v5) out.procedures = clean_procedures(alert.procedures, alert.date_ms);
  out.custom_fields = clean_fields(alert.custom_fields);
  return out;
}

}  // namespace socbridge::thehive
