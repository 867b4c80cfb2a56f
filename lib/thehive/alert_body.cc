// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"
#include "thehive/sanitize.h"

namespace socbridge::thehive {
namespace {

constexpr const char* kShortened =
    "\n\n_[Description shortened: the alert was larger than TheHive accepts.]_";
// The description keeps this much (UTF-16 units) before observables are left out.
constexpr std::size_t kShortDescription = 4096;

std::string left_out_note(std::size_t count) {
  return "\n\n_[" + std::to_string(count) + (count == 1 ? " observable" : " observables") +
         " left out: the alert was larger than TheHive accepts.]_";
}

void write_tags(json::Writer& w, const std::vector<std::string>& tags) {
  w.key("tags");
  w.begin_array();
  for (const std::string& tag : tags) w.value(tag);
  w.end_array();
}

void write_observable(json::Writer& w, const Observable& one, ApiVersion version) {
  w.begin_object();
  w.member("dataType", one.data_type);
  w.member("data", one.data);
  if (!one.message.empty()) w.member("message", one.message);
  w.member("tlp", one.tlp);  // not inherited from the alert
  if (version == ApiVersion::v5) w.member("pap", one.pap);
  write_tags(w, one.tags);
  w.member("ioc", one.ioc);
  if (one.ignore_similarity) w.member("ignoreSimilarity", true);
  w.end_object();
}

const char* v4_type_of(const std::string& value_json) {
  if (value_json.front() == '"') return "string";
  if (value_json == "true" || value_json == "false") return "boolean";
  return value_json.find_first_of(".eE") == std::string::npos ? "integer" : "float";
}

void write_fields(json::Writer& w, const std::vector<CustomField>& fields, ApiVersion version) {
  w.key("customFields");
  if (version == ApiVersion::v5) {
    w.begin_array();
  } else {
    w.begin_object();
  }
  for (const CustomField& field : fields) {
    if (version == ApiVersion::v4) w.key(field.name);
    w.begin_object();
    if (version == ApiVersion::v5) w.member("name", field.name);
    w.key(version == ApiVersion::v5 ? "value" : v4_type_of(field.value_json));
    w.raw(field.value_json);
    w.end_object();
  }
  if (version == ApiVersion::v5) {
    w.end_array();
  } else {
    w.end_object();
  }
}

void write_procedures(json::Writer& w, const std::vector<Procedure>& procedures) {
  w.key("procedures");
  w.begin_array();
  for (const Procedure& one : procedures) {
    w.begin_object();
    w.member("patternId", one.pattern_id);
    w.member("occurDate", one.occur_ms);
    if (!one.tactic.empty()) w.member("tactic", one.tactic);
    if (!one.description.empty()) w.member("description", one.description);
    w.end_object();
  }
  w.end_array();
}

std::string serialise(const Alert& alert, ApiVersion version) {
  json::Writer w;
  w.begin_object();
  w.member("type", alert.type);
  w.member("source", alert.source);
  w.member("sourceRef", alert.source_ref);
  w.member("title", alert.title);
  w.member("description", alert.description);
  if (!alert.external_link.empty()) w.member("externalLink", alert.external_link);
  w.member("severity", alert.severity);
  if (alert.date_ms > 0) w.member("date", alert.date_ms);
  write_tags(w, alert.tags);
  w.member("tlp", alert.tlp);
  w.member("pap", alert.pap);
  if (!alert.case_template.empty()) w.member("caseTemplate", alert.case_template);
  if (!alert.custom_fields.empty()) write_fields(w, alert.custom_fields, version);
  if (!alert.observables.empty()) {
    w.key(version == ApiVersion::v5 ? "observables" : "artifacts");
    w.begin_array();
    for (const Observable& one : alert.observables) write_observable(w, one, version);
    w.end_array();
  }
  if (!alert.procedures.empty()) write_procedures(w, alert.procedures);
  w.end_object();
  return std::move(w).take();
}

// Removes elements from the end of the list until `over` bytes are freed; returns their number.
template <typename List, typename Size>
std::size_t drop_from_end(List& list, std::size_t over, Size size_of) {
  const std::size_t before = list.size();
  std::size_t freed = 0;
  while (!list.empty() && freed < over) {
    freed += size_of(list.back());
    list.pop_back();
  }
  return before - list.size();
}

// The longest prefix of `text` (in UTF-16 units, at least `floor`) that takes at most `bytes` as
// JSON.
std::string shorten_to(const std::string& text, std::size_t bytes, std::size_t floor) {
  std::size_t low = std::min(floor, utf16_length(text));
  std::size_t high = utf16_length(text);
  while (low < high) {
    const std::size_t middle = low + (high - low + 1) / 2;
    if (json::quote(truncate_utf16(text, middle)).size() <= bytes) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return truncate_utf16(text, low);
}

// Makes one alert fit. `description` is the text without the notes.
class Fitter {
 public:
  Fitter(Alert& alert, ApiVersion version, std::size_t limit)
      : alert_(alert), version_(version), limit_(limit), description_(alert.description) {}

  std::string fit() {
    shorten_description(kShortDescription);
    if (over() > 0) drop_observables();
    if (over() > 0) shorten_description(0);
    if (over() > 0) drop_the_rest();
    return serialise(alert_, version_);
  }

 private:
  std::size_t over() const {
    const std::size_t size = serialise(alert_, version_).size();
    return size > limit_ ? size - limit_ : 0;
  }

  void set_description(const std::string& text) {
    std::string notes = shortened_ ? kShortened : "";
    if (left_out_ > 0) notes += left_out_note(left_out_);
    alert_.description = truncate_utf16(text, limits::kDescription - utf16_length(notes)) + notes;
  }

  void shorten_description(std::size_t floor) {
    shortened_ = true;
    set_description({});
    const std::size_t rest = serialise(alert_, version_).size();
    const std::size_t room = limit_ > rest ? limit_ - rest + 2 : 0;  // the quotes are counted twice
    description_ = shorten_to(description_, room, floor);
    set_description(description_);
  }

  void drop_observables() {
    left_out_ = alert_.observables.size();  // the longest possible note
    set_description(description_);
    left_out_ = drop_from_end(alert_.observables, over(), [this](const Observable& one) {
      json::Writer w;
      write_observable(w, one, version_);
      return w.text().size() + 1;
    });
    set_description(description_);
  }

  // No real alert needs this; it keeps the limit for any input.
  void drop_the_rest() {
    drop_from_end(alert_.custom_fields, over(), [](const CustomField& field) {
      return field.name.size() + field.value_json.size();
    });
    drop_from_end(alert_.procedures, over(), [](const Procedure&) { return std::size_t{40}; });
    drop_from_end(alert_.tags, over(),
                  [](const std::string& tag) { return json::quote(tag).size() + 1; });
  }

  Alert& alert_;
  ApiVersion version_;
  std::size_t limit_;
  std::string description_;
  std::size_t left_out_ = 0;
  bool shortened_ = false;
};

}  // namespace

std::string create_body(const Alert& alert, ApiVersion version) {
  return create_body(alert, version, version == ApiVersion::v4 ? limits::kBodyV4 : limits::kBodyV5);
}

std::string create_body(const Alert& alert, ApiVersion version, std::size_t max_bytes) {
  Alert fit = clean(alert, version);
  std::string body = serialise(fit, version);
  if (body.size() <= max_bytes) return body;
  return Fitter(fit, version, max_bytes).fit();
}

const char* create_path(ApiVersion version) {
  return version == ApiVersion::v4 ? "/api/alert" : "/api/v1/alert";
}

}  // namespace socbridge::thehive
