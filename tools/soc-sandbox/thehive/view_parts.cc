// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "soc-sandbox/thehive/view.h"
#include "soc-sandbox/thehive/view_writer.h"

namespace socbridge::sandbox {
namespace {

void write_attachment(ViewWriter& out, const Attachment& attachment) {
  if (attachment.id.empty() || !out.wants("attachment")) return;
  json::Writer& w = out.writer();
  w.key("attachment");
  w.begin_object();
  w.member("_id", "~at" + attachment.id.substr(0, 8));
  w.member("_type", "attachment");
  w.member("name", attachment.name);
  w.key("hashes");
  w.begin_array();
  w.value(attachment.id);
  w.end_array();
  w.member("size", attachment.size);
  w.member("contentType", attachment.content_type);
  w.member("id", attachment.id);
  w.end_object();
}

// The results of analyzers by name; of several runs the last one.
void write_reports(ViewWriter& out, const Observable& observable) {
  if (!out.wants("reports")) return;
  const Tables& tables = out.view().tables;
  std::map<std::string, std::string> reports;
  for (const Id id : tables.jobs_of(observable.id)) {
    const Job& job = *tables.job(id);
    if (job.status == "Success") reports[job.analyzer_name] = job.taxonomies;
  }
  json::Writer& w = out.writer();
  w.key("reports");
  w.begin_object();
  for (const auto& [name, taxonomies] : reports) {
    w.key(name);
    w.raw("{\"taxonomies\":" + (taxonomies.empty() ? "[]" : taxonomies) + "}");
  }
  w.end_object();
}

// How often the value occurs elsewhere, if the query requests it.
void write_observable_extra(ViewWriter& out, const Observable& observable) {
  if (!out.wants("extraData")) return;
  json::Writer& w = out.writer();
  w.key("extraData");
  w.begin_object();
  if (out.view().version.v4() && out.wants_extra("seen")) {
    std::uint64_t seen = 0;
    for (const auto& [id, other] : out.view().tables.observables()) {
      if (id != observable.id && other.data_type == observable.data_type &&
          other.data == observable.data) {
        ++seen;
      }
    }
    w.key("seen");
    w.begin_object();
    w.member("seen", seen);
    w.member("ioc", observable.ioc);
    w.end_object();
  }
  w.end_object();
}

}  // namespace

void write_view(json::Writer& w, const View& view, const Observable& observable) {
  ViewWriter out(w, view);
  out.origin("observable", observable.id, observable.created, observable.updated);
  out.put("dataType", observable.data_type);
  out.put_if("data", observable.data);
  out.put("startDate", observable.start_date);
  write_attachment(out, observable.attachment);
  if (view.version.v4()) {
    out.put("tlp", observable.tlp);
  } else {
    out.levels(observable.tlp, observable.pap);
  }
  out.put("tags", observable.tags);
  out.put("ioc", observable.ioc);
  out.put("sighted", observable.sighted);
  out.put_if("sightedAt", observable.sighted_at);
  write_reports(out, observable);
  out.put_if("message", observable.message);
  write_observable_extra(out, observable);
  if (view.version.v4()) return;
  out.put("ignoreSimilarity", observable.ignore_similarity);
  out.put("external", false);
}

void write_view(json::Writer& w, const View& view, const Procedure& procedure) {
  ViewWriter out(w, view);
  out.origin("procedure", procedure.id, procedure.created, 0);
  out.put_if("description", procedure.description);
  out.put("occurDate", procedure.occurred);
  out.put("patternId", procedure.pattern_id);
  out.put_if("tactic", procedure.tactic);
  out.raw("extraData", "{}");
}

void write_view(json::Writer& w, const View& view, const Comment& comment) {
  ViewWriter out(w, view);
  // Comments have createdAt, without the underscore of all other objects
  // (docs/protocols/thehive.md, "Updates").
  out.put("_id", id_text(comment.id));
  out.put("_type", std::string_view("comment"));
  out.put("createdBy", std::string_view(kUserLogin));
  out.put("createdAt", comment.created);
  if (comment.updated != 0) {
    out.put("updatedBy", std::string_view(kUserLogin));
    out.put("updatedAt", comment.updated);
  }
  out.put("message", comment.message);
  out.put("isEdited", comment.updated != 0);
  out.raw("extraData", "{}");
  out.put("external", false);
}

void write_view(json::Writer& w, const View& view, const CasePage& page) {
  ViewWriter out(w, view);
  out.origin("page", page.id, page.created, page.updated);
  out.put("title", page.title);
  out.put("content", page.content);
  out.put("order", page.order);
  out.put("category", page.category);
  out.raw("extraData", "{}");
}

void write_view(json::Writer& w, const View& view, const Job& job) {
  ViewWriter out(w, view);
  // ISO texts up to 5.5, numbers since 5.6 (docs/protocols/thehive.md, "Cortex connector").
  const auto put_date = [&](const char* name, UnixMillis when) {
    if (view.version >= Version{5, 6, 0}) {
      out.put(name, when);
    } else {
      out.put(name, format_utc(when));
    }
  };
  out.origin("case_artifact_job", job.id, job.created, job.updated);
  out.put("id", id_text(job.id));
  out.put("analyzerId", job.analyzer_id);
  out.put("analyzerName", job.analyzer_name);
  out.put("analyzerDefinition", job.definition);
  out.put("status", job.status);
  put_date("startDate", job.start);
  if (job.end != 0) put_date("endDate", job.end);
  if (!job.report.empty()) out.raw("report", job.report);
  out.put("cortexId", job.cortex_id);
  out.put("cortexJobId", job.cortex_job_id);
  const Observable* observable = view.tables.observable(job.observable);
  if (observable != nullptr && out.wants("case_artifact")) {
    out.raw("case_artifact", view_text(View{view.tables, view.version}, *observable));
  }
  out.put("operations", std::string_view("[]"));  // JSON as text
}

void write_view(json::Writer& w, const View& view, const ObservableType& type) {
  ViewWriter out(w, view);
  out.origin("observableType", type.id, 1, 0);
  out.put("name", type.name);
  out.put("isAttachment", type.is_attachment);
  if (!view.version.v4()) out.put("isCaseSensitive", type.is_case_sensitive);
}

void write_view(json::Writer& w, const View& view, const CustomField& field) {
  ViewWriter out(w, view);
  out.origin("customField", field.id, 1, 0);
  out.put("name", field.name);
  out.put("displayName", field.display_name);
  out.put("description", std::string_view(""));
  out.put("group", std::string_view("default"));
  out.put("type", field.type);
  out.raw("options", "[]");
  out.put("mandatory", false);
}

}  // namespace socbridge::sandbox
