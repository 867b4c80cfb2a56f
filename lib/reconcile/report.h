// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reconcile/reconcile.h"

namespace socbridge::reconcile {

// {"kind":"alert","result":"filled","source_ref":…}
std::string finding_json(const Finding& finding);

// What is reported of a run beside its figures.
struct Heading {
  std::string from;     // AlertSource::description()
  std::string thehive;  // URL
  Window window;
  bool dry_run = false;
  std::vector<std::string> blocks;     // PATH:LINE of the blocks that count
  std::vector<std::string> elsewhere;  // blocks that lead to another TheHive
  std::string destination = {};        // that was checked; empty: the top-level one
};
// {"kind":"summary","complete":true,"alerts_read":…}; the names are documented in
// docs/reconcile.md.
std::string summary_json(const Report& report, const Heading& heading);

// Rows of the summary for people: what, how many, what it means. Rows that are zero and usually are
// are left out.
struct SummaryRow {
  std::string what;
  std::uint64_t count = 0;
  std::string meaning;
  bool bad = false;
};
std::vector<SummaryRow> summary_rows(const Report& report, bool dry_run);

// Warnings in one line each: what could not be read, why the run stopped and what is left.
std::vector<std::string> remarks(const Report& report);

}  // namespace socbridge::reconcile
