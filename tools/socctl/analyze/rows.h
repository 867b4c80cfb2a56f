// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/submit.h"
#include "socctl/common/thehive_session.h"

namespace socbridge::socctl {

// One result of analysing an observable, in every output format.
struct AnalysisRow {
  const thehive::ObservableInfo& observable;
  std::string owner, rule;  // for new observables, else empty
  std::string analyzer;     // name, or empty if none was used
  std::string result;       // started, present, postponed, failed, skipped, Success, …
  std::string why;          // of postponed, failed, skipped, Failure
  const thehive::Job* job = nullptr;
  std::vector<thehive::Taxonomy> taxonomies;  // of a finished job
};
std::vector<term::Cell> cells_of(const AnalysisRow& row);
std::string json_of(const AnalysisRow& row);

// Why a job failed; also a text if it gave no reason.
std::string failure_text(const thehive::Job& job);

// The verdict of a job that only its report has (cortex::verdict_of_full); empty: none.
std::optional<thehive::Taxonomy> verdict_of(const thehive::Job& job);

// The taxonomies of a job on its observable; for URLhaus, whose summary is often empty, those of
// its report.
std::vector<thehive::Taxonomy> taxonomies_of(const thehive::ObservableInfo& observable,
                                             const thehive::Job& job);

// The folder for locks and states of analyses.
std::string analysis_dir();

}  // namespace socbridge::socctl
