// SPDX-License-Identifier: Apache-2.0
#include "socctl/indexer/source_options.h"

#include <tuple>
#include <utility>

#include "base/text.h"
#include "base/version.h"
#include "profile/indexer.h"
#include "reconcile/time_expression.h"
#include "socctl/common/interrupt.h"

namespace socbridge::socctl {
namespace {

constexpr std::string_view kWord = "indexer";
// A killed node has restarted after this time.
constexpr std::int64_t kRetryForMs = 120000;
// The limit for a document; pages are smaller.
constexpr std::size_t kMostBytes = std::size_t{32} << 20;

}  // namespace

bool is_indexer(std::string_view from) {
  return from == kWord || from.starts_with(std::string(kWord) + "=");
}

void IndexerFlags::add_to(Command& command) {
  command
      .add_option("--index", index,
                  "Indices of the indexer (default: \"indices\" of the configuration, else "
                  "wazuh-alerts-4.x-* and wazuh-findings-v5-*)")
      ->type_name("PATTERN");
  command
      .add_option("--query", query,
                  "Only alerts of the indexer that match this, such as 'data.srcip:203.0.113.9'")
      ->type_name("QUERY");
  command.add_option("--rule", rules, "Only alerts of the indexer with this rule id; repeatable")
      ->type_name("ID")
      ->one_value_each();
  command
      .add_option("--agent", agents,
                  "Only alerts of the indexer from the agent with this name or id; repeatable")
      ->type_name("AGENT")
      ->one_value_each();
  command.add_option("--level", level, "Only alerts of the indexer of this level or above")
      ->type_name("LEVEL")
      ->range(1, 16);
}

std::string IndexerFlags::given() const {
  if (!index.empty()) return "--index";
  if (!query.empty()) return "--query";
  if (!rules.empty()) return "--rule";
  if (!agents.empty()) return "--agent";
  return level > 0 ? "--level" : "";
}

Result<reconcile::IndexerOptions> indexer_options(Env& env, std::string_view from,
                                                  const IndexerFlags& flags,
                                                  const std::string& config_file,
                                                  const reconcile::Window& window) {
  const profile::SystemPaths system = profile::SystemPaths::of_process();
  profile::Flags where;
  where.config_file = config_file;
  if (from.size() > kWord.size()) where.url = std::string(from.substr(kWord.size() + 1));
  const auto endpoint = profile::resolve(env, "opensearch", where, system);
  if (!endpoint.ok()) {
    if (!where.url.empty() || endpoint.status().message().find("no URL") == std::string::npos) {
      return endpoint.status();
    }
    return Status::error(ExitCode::usage, endpoint.status().message(),
                         "give --from indexer=URL, set SOCCTL_OPENSEARCH_URL, or write it into "
                         "~/.config/socctl/config.json");
  }
  const auto patterns = profile::find_patterns(env, where, system);
  if (!patterns.ok()) return patterns.status();
  reconcile::IndexerOptions out;
  if (flags.index.empty()) {
    out.parts = {{patterns->alerts, opensearch::AlertForm::v4},
                 {patterns->findings, opensearch::AlertForm::v5}};
  } else {
    if (const Status bad = opensearch::check_pattern(flags.index); !bad.ok()) {
      return Status::error(ExitCode::usage, "--index: " + bad.message(), bad.hint());
    }
    const bool findings = flags.index.find("findings") != std::string::npos;
    out.parts = {{flags.index, findings ? opensearch::AlertForm::v5 : opensearch::AlertForm::v4}};
  }
  out.state_index = patterns->state;
  out.connection = profile::connection_options(*endpoint);
  out.connection.retry_for_ms = kRetryForMs;
  out.connection.stop = interrupted;
  profile::set_way(*endpoint, out.http);
  out.http.user_agent = std::string("socbridge/") + kVersion;
  out.http.max_response_bytes = kMostBytes;
  out.query = {window.since, window.until, flags.rules, flags.agents, flags.level, flags.query, {}};
  for (const std::string& id : flags.ids) out.query.ids.push_back(alert_id_of(id));
  return out;
}

std::string alert_id_of(const std::string& name) {
  constexpr std::size_t kDigits = 16;
  const std::size_t hyphen = name.rfind('-');
  if (hyphen == std::string::npos || name.size() - hyphen - 1 != kDigits) return name;
  const std::string_view digits = std::string_view(name).substr(hyphen + 1);
  const bool hex = digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return hex ? name.substr(0, hyphen) : name;
}

std::optional<std::pair<int, int>> parse_slice(std::string_view text) {
  constexpr std::uint64_t kMost = 1024;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const auto number = parse_u64(text.substr(0, slash)), count = parse_u64(text.substr(slash + 1));
  if (!number || !count || *count < 1 || *count > kMost || *number >= *count) return {};
  return std::pair(static_cast<int>(*number), static_cast<int>(*count));
}

std::vector<std::string> certificate_files(const reconcile::IndexerOptions& options) {
  const http::TlsOptions& tls = options.http.tls;
  return {tls.ca_file, tls.client_cert_file, tls.client_key_file};
}

Result<reconcile::Window> read_window(const std::string& since, const std::string& until) {
  reconcile::Window window;
  const UnixMillis now = wall_now_ms();
  for (const auto& [name, text, bound] : {std::tuple("--since", &since, &window.since),
                                          std::tuple("--until", &until, &window.until)}) {
    if (text->empty()) continue;
    const auto moment = reconcile::parse_moment(*text, now);
    if (!moment.ok()) {
      return Status::error(ExitCode::usage, std::string(name) + ": " + moment.status().message(),
                           moment.status().hint());
    }
    *bound = *moment;
  }
  if (window.since && window.until && *window.since >= *window.until) {
    return Status::error(ExitCode::usage, "--since " + format_utc(*window.since) +
                                              " is not before --until " +
                                              format_utc(*window.until));
  }
  return window;
}

Result<reconcile::Window> read_window(const std::string& since, const std::string& until,
                                      const std::string& slice) {
  auto window = read_window(since, until);
  if (!window.ok() || slice.empty()) return window;
  const auto part = parse_slice(slice);
  if (!part) {
    return Status::error(ExitCode::usage,
                         "--slice must be I/N with I from 0 to N-1, such as 0/4, "
                         "not \"" +
                             printable(slice, 40) + "\"");
  }
  constexpr UnixMillis kLater = 1000;
  const UnixMillis later = wall_now_ms() + kLater;
  for (const auto& [text, moment] :
       {std::pair(&since, window->since), std::pair(&until, window->until)}) {
    const auto again = reconcile::parse_moment(*text, later);
    if (!moment || !again.ok() || *again != *moment) {
      return Status::error(ExitCode::usage, "--slice needs fixed times in --since and --until",
                           "give dates or times, such as --since 2026-01-31 --until 2026-02-01");
    }
  }
  const auto [number, count] = *part;
  const UnixMillis begin = *window->since, length = *window->until - begin;
  window->since = begin + length / count * number;
  if (number + 1 < count) window->until = begin + length / count * (number + 1);
  return window;
}

}  // namespace socbridge::socctl
