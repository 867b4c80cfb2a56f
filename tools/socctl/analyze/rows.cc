// SPDX-License-Identifier: Apache-2.0
#include "socctl/analyze/rows.h"

#include "base/text.h"
#include "cortex/job.h"
#include "json/writer.h"
#include "profile/section.h"

namespace socbridge::socctl {
namespace {

term::Style style_of(const std::string& result) {
  if (result == "Success" || result == "started") return term::Style::green;
  if (result == "failed" || result == "Failure") return term::Style::red;
  if (result == "postponed" || result == "running") return term::Style::yellow;
  return term::Style::dim;
}

}  // namespace

std::vector<term::Cell> cells_of(const AnalysisRow& row) {
  term::Cell last{row.why};
  if (!row.taxonomies.empty()) {
    last = taxonomy_cell(row.taxonomies);
  } else if (row.result == "Success") {
    // Analyzers also report Success if the service behind them did not answer
    // (docs/protocols/cortex.md, "Reports").
    last = {"no summary; see the job's report", term::Style::dim};
  }
  return {{row.observable.data_type},
          {row.observable.text(), term::Style::bold},
          {row.analyzer.empty() ? "-" : row.analyzer},
          {row.result, style_of(row.result)},
          std::move(last)};
}

std::string json_of(const AnalysisRow& row) {
  json::Writer w;
  w.begin_object();
  w.member("observable", row.observable.id);
  w.member("dataType", row.observable.data_type);
  w.member("value", row.observable.text());
  if (!row.owner.empty()) w.member("owner", row.owner);
  if (!row.rule.empty()) w.member("rule", row.rule);
  if (!row.analyzer.empty()) w.member("analyzer", row.analyzer);
  w.member("result", row.result);
  if (!row.why.empty()) w.member("reason", row.why);
  if (!row.taxonomies.empty()) {
    w.key("taxonomies");
    w.begin_array();
    for (const thehive::Taxonomy& one : row.taxonomies) {
      w.begin_object();
      w.member("level", one.level);
      w.member("namespace", one.name_space);
      w.member("predicate", one.predicate);
      w.member("value", one.value);
      w.end_object();
    }
    w.end_array();
  }
  if (row.job != nullptr) {
    w.key("job");
    w.raw(row.job->json);
  }
  w.end_object();
  return std::move(w).take();
}

std::optional<thehive::Taxonomy> verdict_of(const thehive::Job& job) {
  const auto document = json::Document::parse(job.json);
  if (!document.ok()) return std::nullopt;
  const std::string& name =
      job.analyzer_definition.empty() ? job.analyzer_name : job.analyzer_definition;
  const auto verdict = cortex::verdict_of_full(name, document->root()["report"]["full"]);
  if (!verdict) return std::nullopt;
  return thehive::Taxonomy{job.analyzer_name, cortex::level_text(verdict->level), verdict->space,
                           verdict->predicate, verdict->value};
}

std::vector<thehive::Taxonomy> taxonomies_of(const thehive::ObservableInfo& observable,
                                             const thehive::Job& job) {
  std::vector<thehive::Taxonomy> out;
  for (const thehive::Taxonomy& one : observable.taxonomies) {
    if (iequals(one.analyzer, job.analyzer_name) ||
        iequals(one.analyzer, job.analyzer_definition)) {
      out.push_back(one);
    }
  }
  if (!out.empty() || job.status != "Success") return out;
  if (const auto verdict = verdict_of(job)) out.push_back(*verdict);
  return out;
}

std::string failure_text(const thehive::Job& job) {
  return job.error.empty() ? cortex::kNoReason : job.error;
}

std::string analysis_dir() {
  return profile::state_dir(profile::SystemPaths::of_process()) + "/analysis";
}

}  // namespace socbridge::socctl
