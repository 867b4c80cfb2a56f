// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/query/query_row.h"

#include <algorithm>
#include <span>

#include "soc-sandbox/thehive/constants.h"
#include "soc-sandbox/thehive/view.h"

namespace socbridge::sandbox {
namespace {

Datum text(const std::string& value) {
  return value.empty() ? Datum() : Datum(std::string_view(value));
}
Datum when(UnixMillis value) { return value == 0 ? Datum() : Datum(value); }
Datum number(std::int64_t value) { return value; }
Datum count(const std::vector<Id>& list) { return static_cast<std::int64_t>(list.size()); }

template <typename T>
const T& as(const Row& row) {
  return *std::get<const T*>(row);
}

Datum user(const Row&) { return std::string_view(kUserLogin); }

// Properties of every record and every part of one.
#define SOCBRIDGE_ORIGIN(T)                                                          \
  {"_createdBy", Shape::text, user}, {                                               \
    "_createdAt", Shape::number, [](const Row& r) { return when(as<T>(r).created); } \
  }

#define SOCBRIDGE_FIELD(T, name, shape, expression) \
  {                                                 \
    name, Shape::shape, [](const Row& r) -> Datum { \
      const T& x = as<T>(r);                        \
      return expression;                            \
    }                                               \
  }

#define SOCBRIDGE_RECORD(T)                                                                       \
  SOCBRIDGE_ORIGIN(T), SOCBRIDGE_FIELD(T, "_updatedAt", number, when(x.updated)),                 \
      SOCBRIDGE_FIELD(T, "title", text, text(x.title)),                                           \
      SOCBRIDGE_FIELD(T, "description", text, text(x.description)),                               \
      SOCBRIDGE_FIELD(T, "summary", text, text(x.summary)),                                       \
      SOCBRIDGE_FIELD(T, "status", text, text(x.status)),                                         \
      SOCBRIDGE_FIELD(T, "stage", text, text(x.stage)),                                           \
      SOCBRIDGE_FIELD(T, "assignee", text, text(x.assignee)),                                     \
      SOCBRIDGE_FIELD(T, "caseTemplate", text, text(x.case_template)),                            \
      SOCBRIDGE_FIELD(T, "severity", number, number(x.severity)),                                 \
      SOCBRIDGE_FIELD(T, "tlp", number, number(x.tlp)),                                           \
      SOCBRIDGE_FIELD(T, "pap", number, number(x.pap)), SOCBRIDGE_FIELD(T, "flag", flag, x.flag), \
      SOCBRIDGE_FIELD(T, "tags", texts, &x.tags)

constexpr Property kAlert[] = {
    SOCBRIDGE_RECORD(Alert),
    SOCBRIDGE_FIELD(Alert, "type", text, text(x.type)),
    SOCBRIDGE_FIELD(Alert, "source", text, text(x.source)),
    SOCBRIDGE_FIELD(Alert, "sourceRef", text, text(x.source_ref)),
    SOCBRIDGE_FIELD(Alert, "externalLink", text, text(x.external_link)),
    SOCBRIDGE_FIELD(Alert, "date", number, when(x.date)),
    SOCBRIDGE_FIELD(Alert, "newDate", number, when(x.created)),
    SOCBRIDGE_FIELD(Alert, "importedDate", number, when(x.imported)),
    SOCBRIDGE_FIELD(Alert, "follow", flag, x.follow),
    SOCBRIDGE_FIELD(Alert, "imported", flag, x.case_id != 0),
    SOCBRIDGE_FIELD(Alert, "read", flag, x.stage != "New"),
    SOCBRIDGE_FIELD(Alert, "observableCount", number, count(x.children.observables)),
};
constexpr Property kCase[] = {
    SOCBRIDGE_RECORD(Case),
    SOCBRIDGE_FIELD(Case, "number", number, number(x.number)),
    SOCBRIDGE_FIELD(Case, "startDate", number, when(x.start_date)),
    SOCBRIDGE_FIELD(Case, "endDate", number, when(x.end_date)),
};
// For version 4, where cases have no stages.
constexpr Property kOldCaseStatus = SOCBRIDGE_FIELD(Case, "status", text, old_status(x));
constexpr Property kObservable[] = {
    SOCBRIDGE_ORIGIN(Observable),
    SOCBRIDGE_FIELD(Observable, "_updatedAt", number, when(x.updated)),
    SOCBRIDGE_FIELD(Observable, "dataType", text, text(x.data_type)),
    SOCBRIDGE_FIELD(Observable, "data", text, text(x.data)),
    SOCBRIDGE_FIELD(Observable, "message", text, text(x.message)),
    SOCBRIDGE_FIELD(Observable, "tags", texts, &x.tags),
    SOCBRIDGE_FIELD(Observable, "tlp", number, number(x.tlp)),
    SOCBRIDGE_FIELD(Observable, "pap", number, number(x.pap)),
    SOCBRIDGE_FIELD(Observable, "ioc", flag, x.ioc),
    SOCBRIDGE_FIELD(Observable, "sighted", flag, x.sighted),
    SOCBRIDGE_FIELD(Observable, "ignoreSimilarity", flag, x.ignore_similarity),
    SOCBRIDGE_FIELD(Observable, "startDate", number, when(x.start_date)),
    SOCBRIDGE_FIELD(Observable, "attachment.name", text, text(x.attachment.name)),
    SOCBRIDGE_FIELD(Observable, "attachment.id", text, text(x.attachment.id)),
};
constexpr Property kProcedure[] = {
    SOCBRIDGE_ORIGIN(Procedure),
    SOCBRIDGE_FIELD(Procedure, "patternId", text, text(x.pattern_id)),
    SOCBRIDGE_FIELD(Procedure, "tactic", text, text(x.tactic)),
    SOCBRIDGE_FIELD(Procedure, "description", text, text(x.description)),
    SOCBRIDGE_FIELD(Procedure, "occurDate", number, when(x.occurred)),
};
constexpr Property kComment[] = {
    {"createdBy", Shape::text, user},
    SOCBRIDGE_FIELD(Comment, "createdAt", number, when(x.created)),
    SOCBRIDGE_FIELD(Comment, "updatedAt", number, when(x.updated)),
    SOCBRIDGE_FIELD(Comment, "message", text, text(x.message)),
};
constexpr Property kPage[] = {
    SOCBRIDGE_ORIGIN(CasePage),
    SOCBRIDGE_FIELD(CasePage, "title", text, text(x.title)),
    SOCBRIDGE_FIELD(CasePage, "category", text, text(x.category)),
    SOCBRIDGE_FIELD(CasePage, "content", text, text(x.content)),
    SOCBRIDGE_FIELD(CasePage, "order", number, number(x.order)),
};
constexpr Property kJob[] = {
    SOCBRIDGE_ORIGIN(Job),
    SOCBRIDGE_FIELD(Job, "analyzerId", text, text(x.analyzer_id)),
    SOCBRIDGE_FIELD(Job, "analyzerName", text, text(x.analyzer_name)),
    SOCBRIDGE_FIELD(Job, "analyzerDefinition", text, text(x.definition)),
    SOCBRIDGE_FIELD(Job, "status", text, text(x.status)),
    SOCBRIDGE_FIELD(Job, "startDate", number, when(x.start)),
    SOCBRIDGE_FIELD(Job, "endDate", number, when(x.end)),
    SOCBRIDGE_FIELD(Job, "cortexId", text, text(x.cortex_id)),
    SOCBRIDGE_FIELD(Job, "cortexJobId", text, text(x.cortex_job_id)),
};
constexpr Property kType[] = {
    SOCBRIDGE_FIELD(ObservableType, "name", text, text(x.name)),
    SOCBRIDGE_FIELD(ObservableType, "isAttachment", flag, x.is_attachment),
    SOCBRIDGE_FIELD(ObservableType, "isCaseSensitive", flag, x.is_case_sensitive),
};
constexpr Property kField[] = {
    SOCBRIDGE_FIELD(CustomField, "name", text, text(x.name)),
    SOCBRIDGE_FIELD(CustomField, "displayName", text, text(x.display_name)),
    SOCBRIDGE_FIELD(CustomField, "type", text, text(x.type)),
};

#undef SOCBRIDGE_RECORD
#undef SOCBRIDGE_FIELD
#undef SOCBRIDGE_ORIGIN

std::span<const Property> properties(Kind kind) {
  switch (kind) {
    case Kind::alert: return kAlert;
    case Kind::item: return kCase;
    case Kind::observable: return kObservable;
    case Kind::procedure: return kProcedure;
    case Kind::comment: return kComment;
    case Kind::type: return kType;
    case Kind::custom_field: return kField;
    case Kind::page: return kPage;
    case Kind::job: return kJob;
  }
  return {};
}

// Properties that exist since version 5.
bool is_of_v4(Kind kind, std::string_view name) {
  if (name == "stage" || name == "newDate" || name == "importedDate") return false;
  if (kind == Kind::alert) return name != "status" && name != "assignee" && name != "summary";
  return kind != Kind::observable || name != "pap";
}

}  // namespace

std::string type_text(Kind kind, const Version& version) {
  if (!version.v4()) return kind_name(kind);
  return std::string("org.thp.scalligraph.traversal.Traversal.V[org.thp.thehive.models.") +
         kind_name(kind) + "]";
}

const char* kind_name(Kind kind) {
  constexpr const char* kNames[] = {"Alert",       "Case",    "Observable",
                                    "Procedure",   "Comment", "ObservableType",
                                    "CustomField", "Page",    "Job"};
  return kNames[static_cast<std::size_t>(kind)];
}

const Property* find_property(Kind kind, std::string_view name, const Version& version) {
  if (version.v4() && kind == Kind::item && name == kOldCaseStatus.name) return &kOldCaseStatus;
  if (version.v4() && !is_of_v4(kind, name)) return nullptr;
  const auto all = properties(kind);
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Property& p) { return p.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Id row_id(const Row& row) {
  return std::visit([](const auto* thing) { return thing->id; }, row);
}

UnixMillis row_created(const Row& row) {
  return std::visit(
      [](const auto* thing) -> UnixMillis {
        if constexpr (requires { thing->created; }) return thing->created;
        return 0;
      },
      row);
}

}  // namespace socbridge::sandbox
