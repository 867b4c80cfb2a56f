// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/store/serialization.h"

#include <type_traits>

#include "json/writer.h"

namespace socbridge::sandbox {
namespace {

// Each kind is described once, by visit(); writing and reading are two visitors.
class Write {
 public:
  Write() { w_.begin_object(); }
  std::string take() && {
    w_.end_object();
    return std::move(w_).take();
  }
  template <typename T>
  void operator()(const char* name, const T& value) {
    w_.key(name);
    put(value);
  }

 private:
  void put(const std::string& v) { w_.value(v); }
  void put(bool v) { w_.value(v); }
  void put(int v) { w_.value(v); }
  void put(std::int64_t v) { w_.value(v); }
  void put(std::uint64_t v) { w_.value(v); }
  void put(const std::vector<std::string>& v) {
    w_.begin_array();
    for (const auto& item : v) w_.value(item);
    w_.end_array();
  }
  void put(const std::vector<Id>& v) {
    w_.begin_array();
    for (const Id item : v) w_.value(item);
    w_.end_array();
  }
  void put(const std::vector<CustomFieldValue>& v) {
    w_.begin_array();
    for (const auto& item : v) {
      w_.begin_object();
      w_.member("name", item.name);
      w_.member("type", item.type);
      w_.member("order", item.order);
      w_.key("value");
      w_.raw(item.value_json);
      w_.end_object();
    }
    w_.end_array();
  }
  json::Writer w_;
};

class Read {
 public:
  explicit Read(json::Value from) : from_(from) {}
  template <typename T>
  void operator()(const char* name, T& value) {
    get(from_[name], value);
  }

 private:
  static void get(const json::Value& v, std::string& out) { out = v.string_or_empty(); }
  static void get(const json::Value& v, bool& out) { out = v.boolean().value_or(false); }
  template <typename T>
  requires std::is_integral_v<T>
  static void get(const json::Value& v, T& out) { out = static_cast<T>(v.integer().value_or(0)); }
  static void get(const json::Value& v, std::vector<std::string>& out) {
    for (std::size_t i = 0; i < v.size(); ++i) {
      out.emplace_back(v.value_at(i).string_or_empty());
    }
  }
  static void get(const json::Value& v, std::vector<Id>& out) {
    for (std::size_t i = 0; i < v.size(); ++i) {
      out.push_back(static_cast<Id>(v.value_at(i).integer().value_or(0)));
    }
  }
  static void get(const json::Value& v, std::vector<CustomFieldValue>& out) {
    for (std::size_t i = 0; i < v.size(); ++i) {
      const json::Value item = v.value_at(i);
      out.push_back({item["name"].string_text(), item["type"].string_text(), item["value"].dump(),
                     item["order"].integer().value_or(0)});
    }
  }
  json::Value from_;
};

template <typename V, typename T>
void visit_common(V& v, T& r) {
  v("id", r.id);
  v("created", r.created);
  v("updated", r.updated);
  v("title", r.title);
  v("description", r.description);
  v("summary", r.summary);
  v("status", r.status);
  v("stage", r.stage);
  v("assignee", r.assignee);
  v("caseTemplate", r.case_template);
  v("severity", r.severity);
  v("tlp", r.tlp);
  v("pap", r.pap);
  v("tags", r.tags);
  v("customFields", r.custom_fields);
  v("flag", r.flag);
}

template <typename V, typename T>
void visit_alert(V& v, T& x) {
  visit_common(v, x);
  v("type", x.type);
  v("source", x.source);
  v("sourceRef", x.source_ref);
  v("externalLink", x.external_link);
  v("date", x.date);
  v("imported", x.imported);
  v("follow", x.follow);
  v("case", x.case_id);
}

template <typename V, typename T>
void visit_case(V& v, T& x) {
  visit_common(v, x);
  v("number", x.number);
  v("startDate", x.start_date);
  v("endDate", x.end_date);
  v("alerts", x.alerts);
}

template <typename V, typename T>
void visit_job(V& v, T& x) {
  v("id", x.id);
  v("observable", x.observable);
  v("created", x.created);
  v("updated", x.updated);
  v("start", x.start);
  v("end", x.end);
  v("analyzerId", x.analyzer_id);
  v("analyzerName", x.analyzer_name);
  v("definition", x.definition);
  v("cortexId", x.cortex_id);
  v("cortexJobId", x.cortex_job_id);
  v("status", x.status);
  v("report", x.report);
  v("taxonomies", x.taxonomies);
}

template <typename V, typename T>
void visit_observable_type(V& v, T& x) {
  v("id", x.id);
  v("name", x.name);
  v("isAttachment", x.is_attachment);
  v("isCaseSensitive", x.is_case_sensitive);
}

template <typename V, typename T>
void visit_custom_field(V& v, T& x) {
  v("id", x.id);
  v("name", x.name);
  v("displayName", x.display_name);
  v("type", x.type);
}

// The children of an alert or a case.
template <typename V, typename T>
void visit_part(V& v, T& x) {
  using Kind = std::remove_const_t<T>;
  v("id", x.id);
  v("alert", x.parent.alert);
  v("case", x.parent.case_id);
  v("created", x.created);
  if constexpr (std::is_same_v<Kind, Observable>) {
    v("updated", x.updated);
    v("dataType", x.data_type);
    v("data", x.data);
    v("fileName", x.attachment.name);
    v("fileType", x.attachment.content_type);
    v("fileId", x.attachment.id);
    v("fileSize", x.attachment.size);
    v("message", x.message);
    v("tags", x.tags);
    v("tlp", x.tlp);
    v("pap", x.pap);
    v("ioc", x.ioc);
    v("sighted", x.sighted);
    v("sightedAt", x.sighted_at);
    v("startDate", x.start_date);
    v("ignoreSimilarity", x.ignore_similarity);
  } else if constexpr (std::is_same_v<Kind, Procedure>) {
    v("occurred", x.occurred);
    v("patternId", x.pattern_id);
    v("tactic", x.tactic);
    v("description", x.description);
  } else if constexpr (std::is_same_v<Kind, CasePage>) {
    v("updated", x.updated);
    v("title", x.title);
    v("category", x.category);
    v("content", x.content);
    v("order", x.order);
  } else {
    v("updated", x.updated);
    v("message", x.message);
  }
}

template <typename V, typename T>
void visit(V& v, T& x) {
  using Kind = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Kind, Alert>) {
    visit_alert(v, x);
  } else if constexpr (std::is_same_v<Kind, Case>) {
    visit_case(v, x);
  } else if constexpr (std::is_same_v<Kind, Job>) {
    visit_job(v, x);
  } else if constexpr (std::is_same_v<Kind, ObservableType>) {
    visit_observable_type(v, x);
  } else if constexpr (std::is_same_v<Kind, CustomField>) {
    visit_custom_field(v, x);
  } else {
    visit_part(v, x);
  }
}

template <typename T>
std::string write(const T& item) {
  Write writer;
  visit(writer, item);
  return std::move(writer).take();
}

template <typename T>
void read(const json::Value& v, T& out) {
  out = T{};
  Read reader(v);
  visit(reader, out);
}

}  // namespace

std::string to_record(const Alert& x) { return write(x); }
std::string to_record(const Case& x) { return write(x); }
std::string to_record(const Observable& x) { return write(x); }
std::string to_record(const Procedure& x) { return write(x); }
std::string to_record(const Comment& x) { return write(x); }
std::string to_record(const CasePage& x) { return write(x); }
std::string to_record(const Job& x) { return write(x); }
std::string to_record(const ObservableType& x) { return write(x); }
std::string to_record(const CustomField& x) { return write(x); }

void from_record(const json::Value& v, Alert& out) { read(v, out); }
void from_record(const json::Value& v, Case& out) { read(v, out); }
void from_record(const json::Value& v, Observable& out) { read(v, out); }
void from_record(const json::Value& v, Procedure& out) { read(v, out); }
void from_record(const json::Value& v, Comment& out) { read(v, out); }
void from_record(const json::Value& v, CasePage& out) { read(v, out); }
void from_record(const json::Value& v, Job& out) { read(v, out); }
void from_record(const json::Value& v, ObservableType& out) { read(v, out); }
void from_record(const json::Value& v, CustomField& out) { read(v, out); }

}  // namespace socbridge::sandbox
