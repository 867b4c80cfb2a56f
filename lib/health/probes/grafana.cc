// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "grafana/client.h"
#include "health/registry.h"
#include "health/text_list.h"

namespace socbridge::health {
namespace {

// Dashboards of grafana.com that the SOC uses, by their ids there.
constexpr std::array<std::int64_t, 6> kExpected = {21565, 22448, 22449, 22450, 22451, 22453};
// Uid and tag of packaging/grafana/socbridge.json; an import may use another uid.
constexpr const char* kOwn = "socbridge";
constexpr std::size_t kMaxChecked = 300;

std::string numbers(const std::vector<std::int64_t>& ids) {
  std::string out;
  for (const std::int64_t id : ids) out += (out.empty() ? "" : ", ") + std::to_string(id);
  return out;
}

void check_dashboards(Probe& probe, grafana::Client& client) {
  const auto boards = client.dashboards(probe.deadline());
  if (!boards.ok()) {
    probe.fail("dashboards", boards.status(), State::unknown);
    return;
  }
  std::vector<std::int64_t> missing(kExpected.begin(), kExpected.end());
  std::size_t checked = 0;
  for (const grafana::Dashboard& board : *boards) {
    if (missing.empty() || ++checked > kMaxChecked) break;
    const auto id = client.source_id(board.uid, probe.deadline());
    if (!id.ok()) {
      probe.fail("dashboards", id.status(), State::unknown);
      return;
    }
    std::erase(missing, *id);
  }
  if (!missing.empty() && checked > kMaxChecked) {
    probe.add("dashboards", State::unknown, Cause::missing,
              "not among the first " + std::to_string(kMaxChecked) + " of " +
                  std::to_string(boards->size()) + ": " + numbers(missing) + " of grafana.com",
              "socctl grafana diff says whether they are there");
  } else if (missing.empty()) {
    probe.ok("dashboards", "all " + std::to_string(kExpected.size()) + " of grafana.com present");
  } else {
    probe.add("dashboards", State::degraded, Cause::missing,
              "not there: " + numbers(missing) + " of grafana.com",
              "run socctl grafana apply to add them");
  }
  const auto own = std::count_if(boards->begin(), boards->end(), [](const auto& board) {
    return board.uid == kOwn ||
           std::find(board.tags.begin(), board.tags.end(), kOwn) != board.tags.end();
  });
  if (own > 0) {
    probe.ok("own dashboards", std::to_string(own) + " with the uid or tag socbridge");
  } else {
    probe.add("own dashboards", State::degraded, Cause::missing,
              "no dashboard has the uid or tag socbridge", "run socctl grafana apply to add them");
  }
}

void check_data_sources(Probe& probe, grafana::Client& client) {
  const auto sources = client.data_sources(probe.deadline());
  if (!sources.ok()) {
    probe.fail("data sources", sources.status(), State::unknown);
    return;
  }
  if (sources->empty()) {
    probe.add("data sources", State::degraded, Cause::missing, "there is none",
              "add OpenSearch and Prometheus as data sources");
    return;
  }
  TextList failing, untested;
  std::string first_message;
  for (const grafana::DataSource& source : *sources) {
    const auto health = client.data_source_health(source.uid, probe.deadline());
    if (!health.ok()) {
      if (cause_of(health.status()) == Cause::auth) {
        probe.fail("data sources", health.status(), State::unknown);
        return;
      }
      failing.add(source.name);
      if (first_message.empty()) first_message = health.status().message();
    } else if (!health->known) {
      untested.add(source.name);
    } else if (!health->ok) {
      failing.add(source.name);
      if (first_message.empty()) first_message = health->message;
    }
  }
  const std::string all = counted(sources->size(), "data source", "data sources");
  if (failing.count() > 0) {
    probe.add("data sources", State::degraded, Cause::reported_error,
              std::to_string(failing.count()) + " of " + all + " fail: " + failing.text() +
                  (first_message.empty() ? "" : " (" + first_message + ")"),
              "open it in Grafana under Connections and press Save & test");
    return;
  }
  probe.ok("data sources",
           all + " healthy" +
               (untested.count() > 0 ? ", no test for " + untested.text() : std::string()));
}

}  // namespace

void probe_grafana(Probe& probe) {
  grafana::Client client(probe.service(grafana::kErrors));
  const auto health = client.health(probe.deadline());
  if (!health.ok()) {
    probe.fail("answer", health.status());
    return;
  }
  probe.answered(client.first_ms());
  probe.version(health->version);
  if (health->database == "ok") {
    probe.ok("database", "ok");
  } else {
    probe.add("database", State::down, Cause::reported_error, "its database is " + health->database,
              "check Grafana's log and its database");
  }
  if (const auto major = parse_u64(health->version.substr(0, health->version.find('.')));
      major && *major < 9) {
    probe.add("version", State::degraded, Cause::version,
              "version " + health->version + " cannot test its data sources",
              "use Grafana 9 or later");
  }
  check_dashboards(probe, client);
  check_data_sources(probe, client);
}

}  // namespace socbridge::health
