#pragma once

#include <string>
#include <vector>

#include "analysis/submit.h"
#include "thehive_session.h"

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

// What a job left on its observable.
std::vector<thehive::Taxonomy> taxonomies_of(const thehive::ObservableInfo& observable,
                                             const thehive::Job& job);

// Where locks and states of analyses are kept.
std::string analysis_dir();

}  // namespace socbridge::socctl
