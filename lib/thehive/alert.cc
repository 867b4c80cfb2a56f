#include "thehive/alert.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::thehive {
namespace {

std::string no_semicolon(const std::string& text, std::size_t limit) {
  std::string out = truncate_utf16(repair_utf8(text), limit);
  std::replace(out.begin(), out.end(), ';', '_');
  return out;
}

// TheHive 4.0 read a trailing #RRGGBB as a colour (facts 1.8).
std::string clean_tag(const std::string& tag) {
  std::string out = truncate_utf16(repair_utf8(trim(tag)), limits::kTag);
  constexpr std::size_t kColour = 7;
  if (out.size() >= kColour) {
    const std::size_t at = out.size() - kColour;
    const std::string_view digits = std::string_view(out).substr(at + 1);
    if (out[at] == '#' && digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
      out[at] = '_';
    }
  }
  return out;
}

void write_tags(json::Writer& w, const std::vector<std::string>& tags) {
  std::set<std::string> seen;
  w.key("tags");
  w.begin_array();
  for (const std::string& tag : tags) {
    const std::string clean = clean_tag(tag);
    if (!clean.empty() && seen.insert(clean).second) w.value(clean);
  }
  w.end_array();
}

int tlp_for(int tlp, ApiVersion version) {
  constexpr int kRedV4 = 3;
  return version == ApiVersion::v4 ? std::min(tlp, kRedV4) : tlp;
}

void write_observable(json::Writer& w, const Observable& o, ApiVersion version) {
  w.begin_object();
  w.member("dataType", truncate_utf16(ascii_lower(o.data_type), limits::kDataType));
  w.member("data", truncate_utf16(repair_utf8(o.data), limits::kData));
  if (!o.message.empty()) {
    constexpr std::size_t kMessage = 1000;
    w.member("message", truncate_utf16(repair_utf8(o.message), kMessage));
  }
  w.member("tlp", tlp_for(o.tlp, version));
  if (version == ApiVersion::v5) w.member("pap", o.pap);
  if (!o.tags.empty()) write_tags(w, o.tags);
  w.member("ioc", o.ioc);
  w.member("sighted", false);
  w.member("ignoreSimilarity", o.ignore_similarity);
  w.end_object();
}

void write_observables(json::Writer& w, const Alert& alert, ApiVersion version, std::size_t most) {
  std::set<std::pair<std::string, std::string>> seen;
  w.key(version == ApiVersion::v4 ? "artifacts" : "observables");
  w.begin_array();
  std::size_t count = 0;
  for (const Observable& o : alert.observables) {
    if (trim(o.data).empty() || o.data_type.empty()) continue;
    if (!seen.emplace(ascii_lower(o.data_type), o.data).second) continue;
    if (count++ == most) break;
    write_observable(w, o, version);
  }
  w.end_array();
}

void write_custom_fields(json::Writer& w, const Alert& alert, ApiVersion version) {
  if (alert.custom_fields.empty()) return;
  w.key("customFields");
  w.begin_object();
  for (const CustomField& field : alert.custom_fields) {
    w.key(truncate_utf16(field.name, limits::kCustomFieldName));
    if (version == ApiVersion::v5) {
      w.raw(field.value_json);
      continue;
    }
    // Version 4 wants the value under its type's name.
    const char first = field.value_json.empty() ? 'n' : field.value_json.front();
    const char* type = first == '"'                  ? "string"
                       : first == 't' || first == 'f' ? "boolean"
                       : field.value_json.find_first_of(".eE") != std::string::npos ? "float"
                                                                                     : "integer";
    w.begin_object();
    w.key(type);
    w.raw(field.value_json);
    w.end_object();
  }
  w.end_object();
}

void write_procedures(json::Writer& w, const Alert& alert) {
  if (alert.procedures.empty()) return;
  w.key("procedures");
  w.begin_array();
  for (const Procedure& p : alert.procedures) {
    w.begin_object();
    w.member("patternId", truncate_utf16(p.pattern_id, limits::kPatternId));
    w.member("occurDate", static_cast<std::int64_t>(p.occur_ms));
    if (!p.tactic.empty()) w.member("tactic", p.tactic);
    w.end_object();
  }
  w.end_array();
}

std::string write_body(const Alert& alert, ApiVersion version, const std::string& description,
                       std::size_t most_observables) {
  json::Writer w;
  w.begin_object();
  w.member("type", no_semicolon(alert.type, limits::kType));
  w.member("source", no_semicolon(alert.source, limits::kSource));
  w.member("sourceRef", no_semicolon(alert.source_ref, limits::kSourceRef));
  const std::string title = truncate_utf16(repair_utf8(trim(alert.title)), limits::kTitle);
  w.member("title", title.empty() ? std::string("Wazuh alert") : title);
  w.member("description", description);
  w.member("severity", alert.severity);
  w.member("date", static_cast<std::int64_t>(alert.date_ms));
  write_tags(w, alert.tags);
  w.member("tlp", tlp_for(alert.tlp, version));
  w.member("pap", alert.pap);
  if (!alert.external_link.empty()) w.member("externalLink", alert.external_link);
  if (!alert.case_template.empty()) {
    w.member("caseTemplate", truncate_utf16(alert.case_template, limits::kCaseTemplate));
  }
  write_custom_fields(w, alert, version);
  write_observables(w, alert, version, most_observables);
  if (version == ApiVersion::v5) write_procedures(w, alert);
  w.end_object();
  return std::move(w).take();
}

constexpr std::string_view kShortened = "\n\n(shortened to fit TheHive's size limit)\n";

}  // namespace

const char* create_path(ApiVersion version) {
  return version == ApiVersion::v4 ? "/api/alert" : "/api/v1/alert";
}

std::string create_body(const Alert& alert, ApiVersion version) {
  const std::size_t limit = version == ApiVersion::v4 ? limits::kBodyV4 : limits::kBodyV5;
  std::string description = truncate_utf16(repair_utf8(alert.description), limits::kDescription);
  std::size_t most = alert.observables.size();
  std::string body = write_body(alert, version, description, most);
  // The log is the longest and the least needed part: it goes first. Escapes make the JSON longer than
  // the text, so it is halved until it fits.
  constexpr std::size_t kShortest = 2000;
  std::size_t units = utf16_length(description);
  while (body.size() > limit && units > kShortest) {
    units = std::max(units / 2, kShortest);
    std::string cut = truncate_utf16(description, units);
    cut += kShortened;
    body = write_body(alert, version, cut, most);
    if (body.size() <= limit || units == kShortest) description = std::move(cut);
  }
  while (body.size() > limit && most > 0) {
    most /= 2;
    const std::string note = description + "\nOnly the first " + std::to_string(most) +
                             " observables fit TheHive's size limit.\n";
    body = write_body(alert, version, note, most);
  }
  return body;
}

}  // namespace socbridge::thehive
