// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/submit.h"
#include "socctl/common/thehive_session.h"

namespace socbridge::socctl {

// One line of what analysing an observable came to, in every format.
struct AnalysisRow {
  const thehive::ObservableInfo& observable;
  std::string owner, rule;  // of new observables, else empty
  std::string analyzer;     // name, or empty if none was asked
  std::string result;       // started, present, postponed, failed, skipped, Success, …
  std::string why;          // of postponed, failed, skipped, Failure
  const thehive::Job* job = nullptr;
  std::vector<thehive::Taxonomy> taxonomies;  // of a finished job
};
std::vector<term::Cell> cells_of(const AnalysisRow& row);
std::string json_of(const AnalysisRow& row);

// Why a job failed, in words even if it gave none.
std::string failure_text(const thehive::Job& job);

// The verdict of a job that only its report contains (cortex::verdict_of_full); empty: none.
std::optional<thehive::Taxonomy> verdict_of(const thehive::Job& job);

// What a job left on its observable; of URLhaus, whose summary is often empty, what its report
// says.
std::vector<thehive::Taxonomy> taxonomies_of(const thehive::ObservableInfo& observable,
                                             const thehive::Job& job);

// Where locks and states of analyses are kept.
std::string analysis_dir();

}  // namespace socbridge::socctl
