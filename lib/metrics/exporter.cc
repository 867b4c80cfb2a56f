// SPDX-License-Identifier: Apache-2.0
#include "metrics/exporter.h"

#include <utility>

#include "http/client.h"
#include "metrics/cortex_counts.h"

namespace socbridge::metrics {
namespace {

http::ClientOptions options_of(const profile::Endpoint& endpoint) {
  http::ClientOptions options;
  profile::set_way(endpoint, options);
  return options;
}

Result<TheHiveCounts> ask_thehive(const profile::Endpoint& endpoint, std::int64_t timeout_ms) {
  http::Client http(options_of(endpoint));
  thehive::Client client(http,
                         thehive::Endpoint{endpoint.url, endpoint.key, endpoint.organisation});
  return count_thehive(client, Deadline::after_ms(timeout_ms));
}

Result<Counts> ask_cortex(const profile::Endpoint& endpoint, std::int64_t timeout_ms) {
  http::Client http(options_of(endpoint));
  cortex::Client client(http, cortex::Endpoint{endpoint.url, endpoint.key});
  return count_cortex_jobs(client, Deadline::after_ms(timeout_ms));
}

// Runs one look and stores its result and how it ended.
template <typename T, typename Ask>
void look(Snapshot& out, const char* product, std::optional<T>& into, const Ask& ask) {
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

}  // namespace

Snapshot collect(const Sources& sources, std::int64_t timeout_ms) {
  Snapshot out;
  if (sources.thehive) {
    look(out, "thehive", out.thehive, [&] { return ask_thehive(*sources.thehive, timeout_ms); });
  }
  if (sources.cortex) {
    look(out, "cortex", out.cortex_jobs, [&] { return ask_cortex(*sources.cortex, timeout_ms); });
  }
  if (sources.queue) look(out, "queue", out.queue, sources.queue);
  out.at_ms = wall_now_ms();
  return out;
}

}  // namespace socbridge::metrics
