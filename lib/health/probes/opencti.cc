// SPDX-License-Identifier: Apache-2.0
#include "health/probes/opencti.h"

#include <string_view>

#include "base/text.h"
#include "health/registry.h"
#include "health/text_list.h"
#include "opencti/account.h"

namespace socbridge::health {
namespace {

void check_account(Probe& probe, const opencti::Account& me) {
  TextList lacking;
  for (const char* wanted : {"KNOWLEDGE", "MODULES"}) {
    if (!me.can(wanted)) lacking.add(wanted);
  }
  if (lacking.count() > 0) {
    probe.add("key", State::degraded, Cause::auth, me.name + " lacks " + lacking.text(),
              "give its group a role with these capabilities");
  } else {
    probe.ok("key", me.name);
  }
  if (!me.draft.empty()) {
    probe.add(
        "draft", State::degraded, Cause::configuration,
        me.name + " works in the draft " + me.draft + "; socctl reads and writes live data anyway",
        "leave the draft in the profile of that user");
  }
}

void check_dependencies(Probe& probe, opencti::Client& client) {
  const auto answer = client.query(
      "asking OpenCTI", "query SocctlHealthAbout { about { dependencies { name version } } }", {},
      probe.deadline());
  if (!answer.ok() && cause_of(answer.status()) == Cause::auth) {
    probe.ok("dependencies", "not visible: needs SETTINGS_SETPARAMETERS");
    return;
  }
  if (!answer.ok() && answer.status().message().find("Search engine") != std::string::npos) {
    report_engine(probe, answer.status());
    return;
  }
  if (!answer.ok()) {
    probe.fail("dependencies", answer.status(), State::degraded);
    return;
  }
  const json::Value list = answer->root()["data"]["about"]["dependencies"];
  std::string all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    all +=
        (all.empty() ? "" : ", ") + list.at(i)["name"].text() + " " + list.at(i)["version"].text();
  }
  probe.ok("dependencies", all);
}

}  // namespace

bool is_engine_down(const Status& status) {
  return status.code() == ExitCode::unreachable &&
         status.message().find("DATABASE_ERROR") != std::string::npos;
}

void report_engine(Probe& probe, const Status& why) {
  for (const Check& one : probe.report().checks) {
    if (one.name == "search engine") return;
  }
  probe.add("search engine", State::down, Cause::unreachable,
            "the platform cannot reach it: " + why.message(),
            "start the platform's OpenSearch or Elasticsearch, check its log and its disk");
}

void probe_opencti(Probe& probe) {
  const profile::Endpoint& at = probe.endpoint();
  opencti::Client client(probe.http(), {at.url, at.key});
  const std::int64_t started = steady_now_ms();
  const auto me = opencti::whoami(client, probe.deadline());
  if (!me.ok()) {
    probe.fail("answer", me.status());
    return;
  }
  probe.answered(steady_now_ms() - started);
  probe.version(me->platform_version);
  const std::string& version = me->platform_version;
  const auto major = parse_u64(version.substr(0, version.find('.')));
  if (major && *major < 6) {
    probe.add("version", State::degraded, Cause::version, "version " + version + " is too old",
              "use OpenCTI 6 or later");
  }
  check_account(probe, *me);
  check_dependencies(probe, client);
  check_feeds(probe, client);
  check_stream(probe, client, *me);
}

}  // namespace socbridge::health
