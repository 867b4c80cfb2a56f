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

// What is asked. Empty: not configured, and then nothing is written of it.
struct Sources {
  std::optional<profile::Endpoint> thehive, cortex, opencti, opensearch, wazuh;
  opensearch::Patterns patterns = {};
  std::function<Result<queue::QueueStats>()> queue = nullptr;  // reads the spool

  bool any() const { return thehive || cortex || opencti || opensearch || wazuh || queue; }
};

// How asking one product ended.
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

// The numbers of one moment. What a product did not answer is empty.
struct Snapshot {
  UnixMillis at_ms = 0;
  std::vector<Scrape> scrapes;
  std::optional<TheHiveNumbers> thehive;
  std::optional<CortexNumbers> cortex;
  std::optional<OpenCtiCounts> opencti;
  std::optional<OpenSearchCounts> opensearch;
  std::optional<WazuhCounts> wazuh;
  bool statistics_lead = false;  // those of the indexer, not the API, say how loaded managers are
  std::optional<queue::QueueStats> queue;
};

// The load of each Wazuh node once. The API speaks of the one node that answers and does not name
// it, so where the statistics have a cluster, or several managers, theirs is taken, of all nodes.
// Else the API's is, if it is configured: it is of this moment, and counts each reason for which an
// event is dropped. Before Wazuh 4.4 it says nothing of it. While the statistics lead, the API's is
// not taken even if they are missing.
std::vector<wazuh::NodeLoad> loads_of(const Snapshot& snapshot);

// Asks products for their numbers, and keeps what it learnt from one time to the next. Over
// connections of its own, so it may run in any thread, one at a time.
class Exporter {
 public:
  explicit Exporter(Sources sources);

  // Asks one product after another, each at most `timeout_ms`. A product that fails does not keep
  // the others from being asked. Amount::part: 20 requests at most to all of them together;
  // Amount::everything is that too of a product of which everything was known once.
  Snapshot collect(std::int64_t timeout_ms, Amount amount);
  // False: numbers are still missing of a product that answers, since a part was asked for.
  bool complete() const {
    return (!asks_thehive_ || thehive_.complete()) && (!asks_cortex_ || cortex_.complete());
  }

  // What it learnt, as JSON in one line: numbers, values of labels, ids; no URL, no key.
  std::string state() const;
  // Goes on from the state() of another process, of the products that are still the same ones.
  // What is no such text is passed over. Before the first collect().
  void resume(std::string_view state);
  // The state() of this one is not kept, and it collects once. Before that.
  void collects_once() { lead_.look_once(); }

 private:
  Sources sources_;
  TheHiveSurvey thehive_;
  CortexSurvey cortex_;
  StatisticsLead lead_;
  bool asks_thehive_ = false, asks_cortex_ = false;  // and the last time it answered
  bool knew_thehive_ = false, knew_cortex_ = false;  // everything of it, once
};

}  // namespace socbridge::metrics
