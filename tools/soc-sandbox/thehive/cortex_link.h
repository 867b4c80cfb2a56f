// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "json/value.h"
#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/store/model.h"

namespace socbridge::sandbox {

// Another product of this process, called without a network; status 0: no answer.
using Peer = std::function<Response(const Request&)>;

// The Cortex of TheHive, named `cortex0`. Without a peer there is none.
class CortexLink {
 public:
  static constexpr const char* kServer = "cortex0";

  CortexLink() = default;
  // TheHive checks its Cortex now, and again after at least `check_ms`.
  CortexLink(Peer peer, Secret key, std::int64_t check_ms);

  bool connected() const { return static_cast<bool>(peer_); }

  // `{"enabled":…,"status":…,"servers":[…]}` of the status pages, from the last check.
  std::string status_json() const;

  struct Analyzer {
    std::string id, name, version, description, definition;
    std::vector<std::string> data_types;
  };
  // Also empty if Cortex does not answer: TheHive does not distinguish this
  // (docs/protocols/thehive.md, "Cortex connector").
  std::vector<Analyzer> analyzers() const;

  // Cortex's answer to a run: its job, or an error message.
  struct Started {
    std::string cortex_job_id, status, error;
    std::string refusal;  // Cortex's answer if it refused
  };
  Started run(const Analyzer& analyzer, const Observable& observable, int pap) const;

  // The states of jobs by Cortex's id, such as `Waiting`. False: no answer.
  bool states(const std::vector<std::string>& cortex_job_ids,
              std::vector<std::string>& states) const;

  // A finished job: the report in TheHive's form, and the taxonomies for the observable.
  struct Report {
    std::string status, report_json, taxonomies_json;
  };
  bool report(const std::string& cortex_job_id, Report& out) const;

 private:
  struct Look {
    std::mutex mutex;
    std::int64_t at_ms = 0;
    std::string json;
  };
  std::string look() const;
  Response ask(std::string method, std::string_view target, std::string body = {},
               std::vector<Part> parts = {}) const;
  Peer peer_;
  Secret key_;
  std::int64_t check_ms_ = 0;
  std::shared_ptr<Look> look_;
};

}  // namespace socbridge::sandbox
