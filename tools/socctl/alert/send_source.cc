// SPDX-License-Identifier: Apache-2.0
#include "socctl/alert/send_source.h"

#include <algorithm>
#include <utility>

#include "socctl/common/command.h"
#include "socctl/common/interrupt.h"
#include "wazuh/alert.h"
#include "wazuh/alert_stream.h"

namespace socbridge::socctl {
namespace {

using Reader = AlertReader;

ExitCode read_files(const std::vector<std::string>& files, Env& env, const Reader& reader) {
  ExitCode code = ExitCode::ok;
  for (const std::string& file : files) {
    const Status read =
        wazuh::for_each_alert(env, file, [&](std::string_view raw, std::size_t line) {
          reader.take(raw, file + ":" + std::to_string(line));
        });
    if (interrupted()) break;
    if (!read.ok()) code = fail(read);
  }
  return code;
}

// Whether the alert is one of the named ones, if there are any. An id alone may match alerts of
// several managers.
bool is_named(const std::vector<std::string>& names, std::string_view raw) {
  if (names.empty()) return true;
  const auto alert = wazuh::Alert::parse(raw);
  if (!alert.ok()) return false;
  const std::string reference = wazuh::source_ref(*alert);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == reference || name == alert->id || name == alert->indexer_id;
  });
}

ExitCode read_indexer(const SendSource& which, reconcile::IndexerOptions from,
                      const Reader& reader) {
  auto source = reconcile::IndexerSource::open(std::move(from));
  if (!source.ok()) return fail(source.status());
  reconcile::SourceAlert read;
  while (!reader.stopped() && !interrupted()) {
    const auto more = (*source)->next(read);
    if (!more.ok()) return fail(more.status());
    if (!*more) break;
    if (is_named(which.indexer.ids, read.raw)) reader.take(read.raw, read.place);
  }
  ExitCode code = ExitCode::ok;
  // The age of the index is irrelevant for selected alerts.
  for (const std::string& note : (*source)->missing_parts()) {
    warn(note);
    code = ExitCode::degraded;
  }
  return code;
}

}  // namespace

Result<std::optional<reconcile::IndexerOptions>> find_indexer(Env& env, const SendSource& source,
                                                              const std::string& config_file) {
  if (source.from.empty()) return std::optional<reconcile::IndexerOptions>();
  if (!is_indexer(source.from)) {
    return Status::error(ExitCode::usage, "--from is indexer or indexer=URL",
                         "alerts of files: socctl alert send FILE");
  }
  const IndexerFlags& which = source.indexer;
  const bool chosen = !which.query.empty() || !which.rules.empty() || !which.agents.empty() ||
                      which.level > 0 || !which.ids.empty() || !source.since.empty();
  if (!chosen) {
    return Status::error(ExitCode::usage, "this would replay all indexed alerts",
                         "give alerts, or --since, --query, --rule, --agent or --level");
  }
  const auto window = read_window(source.since, source.until);
  if (!window.ok()) return window.status();
  auto found = indexer_options(env, source.from, which, config_file, *window);
  if (!found.ok()) return found.status();
  return std::optional<reconcile::IndexerOptions>(std::move(*found));
}

ExitCode read_alerts(Env& env, const SendSource& source,
                     std::optional<reconcile::IndexerOptions> indexer, const AlertReader& reader) {
  if (indexer) return read_indexer(source, std::move(*indexer), reader);
  return read_files(source.files.empty() ? std::vector<std::string>{"-"} : source.files, env,
                    reader);
}

}  // namespace socbridge::socctl
