// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "base/time.h"
#include "metrics/amount.h"
#include "metrics/cortex_survey.h"
#include "metrics/platform_counts.h"
#include "metrics/statistics_lead.h"
#include "metrics/thehive_survey.h"
#include "profile/profile.h"
#include "queue/stats.h"

namespace socbridge::metrics {

// The products to poll. An empty one is not configured and gives no metrics.
struct Sources {
  std::optional<profile::Endpoint> thehive, cortex, opencti, opensearch, wazuh;
  opensearch::Patterns patterns = {};
  std::function<Result<queue::QueueStats>()> queue = nullptr;  // reads the spool

  bool any() const { return thehive || cortex || opencti || opensearch || wazuh || queue; }
};

// The result of polling one product.
struct Scrape {
  std::string product;  // "thehive", "cortex", "opencti", "opensearch", "wazuh", "queue"
  Status status;
  std::int64_t took_ms = 0;
};

struct TheHiveNumbers {
  TheHiveCounts counts;
  TheHiveEvents events;
};
struct CortexNumbers {
  Counts jobs;
  std::vector<QuotaLeft> quotas;
  EndedJobs ended;
};

// The numbers of one poll. Empty for a product that did not answer.
struct Snapshot {
  UnixMillis at_ms = 0;
  std::vector<Scrape> scrapes;
  std::optional<TheHiveNumbers> thehive;
  std::optional<CortexNumbers> cortex;
  std::optional<OpenCtiCounts> opencti;
  std::optional<OpenSearchCounts> opensearch;
  std::optional<WazuhCounts> wazuh;
  bool statistics_lead = false;  // the loads come from the indexer's statistics, not from the API
  std::optional<queue::QueueStats> queue;
};

// The load of each Wazuh node, once. The API reports one node without its name. So if the
// statistics have a cluster or several managers, they are used, with all nodes. Otherwise the API
// is used, if configured: it is current, and counts each reason for dropped events. Before Wazuh
// 4.4 it has no load. While the statistics lead, the API's load is not used even if they are
// missing.
std::vector<wazuh::NodeLoad> loads_of(const Snapshot& snapshot);

// Polls products and keeps state between polls. It has its own connections, so it may run in any
// thread, by one at a time.
class Exporter {
 public:
  explicit Exporter(Sources sources);

  // Polls one product after another, each at most `timeout_ms`. A failed product does not stop the
  // others. Amount::part: at most 20 requests in total; Amount::everything behaves the same for a
  // product whose data was complete before.
  Snapshot collect(std::int64_t timeout_ms, Amount amount);
  // False: data of an answering product is still incomplete, since only a part was requested.
  bool complete() const {
    return (!asks_thehive_ || thehive_.complete()) && (!asks_cortex_ || cortex_.complete());
  }

  // The state as JSON on one line: numbers, label values, ids; no URL, no key.
  std::string state() const;
  // Continues from the state() of another process, for products that are still the same. Invalid
  // text is ignored. Before the first collect().
  void resume(std::string_view state);
  // This exporter polls only once and its state() is not stored. Before collect().
  void collects_once() { lead_.poll_once(); }

 private:
  Sources sources_;
  TheHiveSurvey thehive_;
  CortexSurvey cortex_;
  StatisticsLead lead_;
  bool asks_thehive_ = false, asks_cortex_ = false;  // and whether it answered last time
  bool knew_thehive_ = false, knew_cortex_ = false;  // its data was complete once
};

}  // namespace socbridge::metrics
