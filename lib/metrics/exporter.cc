// SPDX-License-Identifier: Apache-2.0
#include "metrics/exporter.h"

#include <algorithm>
#include <utility>

#include "hash/digest.h"
#include "http/client.h"
#include "http/url.h"
#include "json/writer.h"
#include "profile/indexer.h"

namespace socbridge::metrics {
namespace {

http::ClientOptions options_of(const profile::Endpoint& endpoint) {
  http::ClientOptions options;
  profile::set_way(endpoint, options);
  return options;
}

// Runs one poll and stores its result and how it ended.
template <typename T, typename Ask>
void poll(Snapshot& out, const char* product, std::optional<T>& into, const Ask& ask) {
  const std::int64_t started = steady_now_ms();
  Result<T> got = ask();
  Scrape scrape;
  scrape.product = product;
  scrape.took_ms = steady_now_ms() - started;
  if (got.ok()) {
    into = std::move(*got);
  } else {
    scrape.status = got.status();
  }
  out.scrapes.push_back(std::move(scrape));
}

Result<TheHiveNumbers> ask_thehive(const profile::Endpoint& endpoint, TheHiveSurvey& survey,
                                   Amount amount, std::int64_t timeout_ms) {
  http::Client http(options_of(endpoint));
  thehive::Client client(http,
                         thehive::Endpoint{endpoint.url, endpoint.key, endpoint.organisation});
  const Status got = survey.poll(client, amount, Deadline::after_ms(timeout_ms));
  if (!got.ok()) return got;
  return TheHiveNumbers{survey.counts(), survey.events()};
}

Result<CortexNumbers> ask_cortex(const profile::Endpoint& endpoint, CortexSurvey& survey,
                                 Amount amount, std::int64_t timeout_ms) {
  http::Client http(options_of(endpoint));
  cortex::Client client(http, cortex::Endpoint{endpoint.url, endpoint.key});
  const Status got = survey.poll(client, amount, wall_now_ms(), Deadline::after_ms(timeout_ms));
  if (!got.ok()) return got;
  return CortexNumbers{survey.jobs(), survey.quotas(), survey.ended()};
}

Result<OpenCtiCounts> ask_opencti(const profile::Endpoint& endpoint, std::int64_t timeout_ms) {
  http::Client http(options_of(endpoint));
  opencti::Client client(http, opencti::Endpoint{endpoint.url, endpoint.key});
  return count_opencti(client, Deadline::after_ms(timeout_ms));
}

Result<OpenSearchCounts> ask_opensearch(const profile::Endpoint& endpoint,
                                        const opensearch::Patterns& patterns,
                                        std::int64_t timeout_ms) {
  http::Client http(options_of(endpoint));
  opensearch::Client client(opensearch::Connection(http, profile::connection_options(endpoint)));
  return count_opensearch(client, patterns, Deadline::after_ms(timeout_ms));
}

Result<WazuhCounts> ask_wazuh(const profile::Endpoint& endpoint, std::int64_t timeout_ms) {
  http::Client http(options_of(endpoint));
  wazuh::ApiClient client(http, {wazuh::kApiErrors, endpoint.url, endpoint.user, endpoint.key});
  auto counts = count_wazuh(client, Deadline::after_ms(timeout_ms));
  if (const auto url = http::parse_url(endpoint.url); counts.ok() && url.ok()) {
    counts->node = url->host;
  }
  return counts;
}

constexpr std::int64_t kStateVersion = 1;

// Identifies the server without its URL, which others may not know.
std::string identity(const profile::Endpoint& endpoint) {
  constexpr std::size_t kDigits = 16;
  return sha256_hex(endpoint.url + "\n" + endpoint.organisation).substr(0, kDigits);
}

template <typename Survey>
void save(json::Writer& w, const char* product, const std::optional<profile::Endpoint>& endpoint,
          const Survey& survey, bool knew) {
  if (!endpoint) return;
  w.key(product);
  w.begin_object();
  w.member("of", identity(*endpoint));
  w.member("knew", knew);
  w.key("state");
  survey.save(w);
  w.end_object();
}

template <typename Survey>
bool load(json::Value saved, const std::optional<profile::Endpoint>& endpoint, Survey& survey) {
  if (!endpoint || saved["of"].text() != identity(*endpoint)) return false;
  survey.load(saved["state"]);
  return saved["knew"].boolean().value_or(false);
}

}  // namespace

std::vector<wazuh::NodeLoad> loads_of(const Snapshot& snapshot) {
  std::vector<wazuh::NodeLoad> all;
  if (snapshot.opensearch) all = snapshot.opensearch->loads;
  if (snapshot.statistics_lead || has_several(all)) return all;
  const std::optional<WazuhCounts>& api = snapshot.wazuh;
  const bool failed =
      std::any_of(snapshot.scrapes.begin(), snapshot.scrapes.end(),
                  [](const Scrape& one) { return one.product == "wazuh" && !one.status.ok(); });
  if (failed) return {};
  if (!api || !api->load) return all;
  return {{api->node, false, *api->load}};
}

// A poll has 20 requests. Those of the Wazuh API come from TheHive's share, except one that
// OpenSearch does not use.
Exporter::Exporter(Sources sources) : sources_(std::move(sources)) {
  constexpr std::size_t kLeft = kWazuhRequests - 1;
  if (sources_.wazuh) thehive_.ask_at_most(TheHiveSurvey::kMostRequests - kLeft);
}

std::string Exporter::state() const {
  json::Writer w;
  w.begin_object();
  w.member("version", kStateVersion);
  save(w, "thehive", sources_.thehive, thehive_, knew_thehive_);
  save(w, "cortex", sources_.cortex, cortex_, knew_cortex_);
  save(w, "opensearch", sources_.opensearch, lead_, false);
  w.end_object();
  return std::move(w).take();
}

void Exporter::resume(std::string_view state) {
  const auto document = json::Document::parse(state);
  if (!document.ok() || document->root()["version"].integer() != kStateVersion) return;
  knew_thehive_ = load(document->root()["thehive"], sources_.thehive, thehive_);
  knew_cortex_ = load(document->root()["cortex"], sources_.cortex, cortex_);
  (void)load(document->root()["opensearch"], sources_.opensearch, lead_);
}

Snapshot Exporter::collect(std::int64_t timeout_ms, Amount amount) {
  Snapshot out;
  const Sources& from = sources_;
  if (from.thehive) {
    const Amount of_it = knew_thehive_ ? Amount::part : amount;
    poll(out, "thehive", out.thehive,
         [&] { return ask_thehive(*from.thehive, thehive_, of_it, timeout_ms); });
    asks_thehive_ = out.thehive.has_value();
    knew_thehive_ = knew_thehive_ || (asks_thehive_ && thehive_.complete());
  }
  if (from.cortex) {
    const Amount of_it = knew_cortex_ ? Amount::part : amount;
    poll(out, "cortex", out.cortex,
         [&] { return ask_cortex(*from.cortex, cortex_, of_it, timeout_ms); });
    asks_cortex_ = out.cortex.has_value();
    knew_cortex_ = knew_cortex_ || (asks_cortex_ && cortex_.complete());
  }
  if (from.opencti) {
    poll(out, "opencti", out.opencti, [&] { return ask_opencti(*from.opencti, timeout_ms); });
  }
  if (from.opensearch) {
    poll(out, "opensearch", out.opensearch,
         [&] { return ask_opensearch(*from.opensearch, from.patterns, timeout_ms); });
    lead_.poll(out.opensearch ? &out.opensearch->loads : nullptr, wall_now_ms());
    out.statistics_lead = lead_.holds();
  }
  if (from.wazuh) {
    poll(out, "wazuh", out.wazuh, [&] { return ask_wazuh(*from.wazuh, timeout_ms); });
  }
  if (from.queue) poll(out, "queue", out.queue, from.queue);
  out.at_ms = wall_now_ms();
  return out;
}

}  // namespace socbridge::metrics
