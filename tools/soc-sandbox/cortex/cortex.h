// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "soc-sandbox/cortex/accounts.h"
#include "soc-sandbox/cortex/jobs.h"
#include "soc-sandbox/cortex/workers.h"
#include "soc-sandbox/server/product.h"

namespace socbridge::sandbox::cortex {

// Cortex 4.1 with the five analyzers of docs/cortex.md, as in docs/protocols/cortex.md.
class Cortex final : public Product {
 public:
  Cortex(Setup setup, std::string key);

  Response handle(const Request& request, const Fault& fault, const StopSignal& stop) override;
  Response injected(const Fault& fault) const override;
  bool is_api(std::string_view path) const override { return path.starts_with("/api/"); }

 private:
  struct Call;
  Response status() const;
  Response list_analyzers(const Call& call) const;
  Response analyzers_for(const Call& call) const;
  Response one_analyzer(const Call& call) const;
  Response run(const Call& call);
  Response list_jobs(const Call& call) const;
  Response search_jobs(const Call& call) const;
  Response job_states(const Call& call) const;
  Response one_job(const Call& call) const;
  Response report(const Call& call) const;
  Response wait_report(const Call& call) const;
  Response artifacts(const Call& call) const;
  Response remove_job(const Call& call);
  Response migrate(const Call& call);
  Response user(const Call& call) const;
  Response add_user(const Call& call);
  Response get_user(const Call& call) const;
  Response change_user(const Call& call);
  Response lock_user(const Call& call);
  Response user_key(const Call& call);
  Response add_organisation(const Call& call);
  Response organisation(const Call& call);
  Response definitions() const;
  Response enable(const Call& call);
  Response change_analyzer(const Call& call);
  Response disable(const Call& call);

  struct Route;
  static const std::vector<Route>& routes();

  Setup setup_;
  std::atomic<bool> migrated_;
  Accounts accounts_;
  Workers workers_;
  Jobs jobs_;
};

Result<std::unique_ptr<Product>> make_cortex(const ProductSettings& settings);

}  // namespace socbridge::sandbox::cortex
