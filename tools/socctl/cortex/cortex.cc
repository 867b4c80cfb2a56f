// SPDX-License-Identifier: Apache-2.0
#include "socctl/cortex/options.h"

namespace socbridge::socctl {

void add_cortex(Command& app, Chosen& chosen) {
  Command* cortex =
      app.add_subcommand("cortex", "Analyze observables with Cortex and read the results");
  cortex->require_subcommand(1);
  add_cortex_analyzers(*cortex, chosen);
  add_cortex_submit(*cortex, chosen);
  Command* job = cortex->add_subcommand("job", "List, read, cancel and wait for jobs");
  job->require_subcommand(1);
  add_cortex_job_list(*job, chosen);
  add_cortex_job_show(*job, chosen);
  add_cortex_job_report(*job, chosen);
  add_cortex_job_wait(*job, chosen);
  add_cortex_job_cancel(*job, chosen);
  add_cortex_status(*cortex, chosen);
  add_cortex_quota(*cortex, chosen);
  add_cortex_doctor(*cortex, chosen);
}

}  // namespace socbridge::socctl
