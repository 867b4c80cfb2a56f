// SPDX-License-Identifier: Apache-2.0
#include "socctl/cortex/view.h"

namespace socbridge::socctl {

std::vector<std::string> job_columns() {
  return {"JOB", "VALUE", "TYPE", "ANALYZER", "STATUS", "LEVEL", "RESULT"};
}

std::vector<term::Cell> job_cells(const cortex::Job& job) {
  const cortex::Level level = job.level();
  const bool has_level = job.has_report && job.status == cortex::JobStatus::success;
  return {{job.id},
          {job.value},
          {job.type},
          {job.analyzer},
          {job.status == cortex::JobStatus::unknown ? "-" : cortex::job_status_name(job.status),
           status_style(job.status)},
          {has_level ? cortex::level_text(level) : "-",
           has_level ? level_style(level) : term::Style::dim},
          {job.summary(), level_style(level)}};
}

term::Style level_style(cortex::Level level) {
  switch (level) {
    case cortex::Level::malicious: return term::Style::red;
    case cortex::Level::suspicious: return term::Style::yellow;
    case cortex::Level::safe: return term::Style::green;
    case cortex::Level::info: return term::Style::blue;
    case cortex::Level::unknown: break;
  }
  return term::Style::none;
}

term::Style status_style(cortex::JobStatus status) {
  switch (status) {
    case cortex::JobStatus::failure: return term::Style::red;
    case cortex::JobStatus::success: return term::Style::green;
    case cortex::JobStatus::waiting:
    case cortex::JobStatus::in_progress: return term::Style::yellow;
    default: return term::Style::dim;
  }
}

}  // namespace socbridge::socctl
