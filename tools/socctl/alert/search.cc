// SPDX-License-Identifier: Apache-2.0
#include "socctl/alert/search.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/text.h"
#include "http/client.h"
#include "json/writer.h"
#include "opensearch/client.h"
#include "opensearch/search_page.h"
#include "socctl/alert/verbs.h"
#include "socctl/common/endpoint_options.h"
#include "socctl/common/interrupt.h"
#include "term/records.h"
#include "wazuh/alert.h"

namespace socbridge::socctl {
namespace {

constexpr std::int64_t kTimeMs = 60000;

// One document of the answer.
struct Row {
  UnixMillis time_ms = 0;
  std::vector<term::Cell> cells;
  std::string json;
};

std::string json_of(const wazuh::Alert& alert, const std::string& reference) {
  json::Writer w;
  w.begin_object();
  w.member("source_ref", reference);
  w.member("index", alert.indexer_index);
  w.member("id", alert.indexer_id);
  w.member("alert", alert.root());
  w.end_object();
  return std::move(w).take();
}

Result<Row> row_of(std::string_view raw) {
  const auto alert = wazuh::Alert::parse(raw);
  if (!alert.ok()) return alert.status();
  const std::string reference = wazuh::source_ref(*alert);
  Row row;
  row.time_ms = alert->time_ms.value_or(0);
  row.cells = {{row.time_ms == 0 ? "-" : format_utc(row.time_ms)},
               {alert->level_word.empty() ? std::to_string(alert->level) : alert->level_word},
               {alert->rule_id},
               {alert->agent_name.empty() ? alert->agentless_host : alert->agent_name},
               {reference, term::Style::bold},
               {alert->indexer_id},
               {alert->description}};
  row.json = json_of(*alert, reference);
  return row;
}

// The newest documents of one kind of indices.
Status search(opensearch::Client& client, const reconcile::IndexPart& part,
              const reconcile::IndexerOptions& from, std::size_t limit, std::vector<Row>& rows) {
  auto answer =
      client.latest(part.pattern, opensearch::time_field(part.form),
                    opensearch::to_json(from.query, part.form), limit, Deadline::after_ms(kTimeMs));
  if (!answer.ok()) return answer.status();
  opensearch::SearchPage page;
  if (!page.take(std::move(*answer))) {
    return Status::error(ExitCode::refused, "OpenSearch: the answer to a search has no hits",
                         "check that the URL is that of OpenSearch");
  }
  for (std::size_t i = 0; i < page.size(); ++i) {
    auto row = row_of(page[i].raw);
    if (!row.ok()) return row.status();
    rows.push_back(std::move(*row));
  }
  if (page.shards().whole()) return {};
  return Status::error(ExitCode::degraded,
                       part.pattern + ": only " + std::to_string(page.shards().answered) + " of " +
                           std::to_string(page.shards().total) + " shards answered",
                       "run socctl indexer check");
}

// The documents, newest first. `code` becomes `degraded` if parts of the indices did not answer.
Result<std::vector<Row>> find_rows(const SearchOptions& options, Context& context, ExitCode& code) {
  const auto window = read_window(options.since, options.until);
  if (!window.ok()) return window.status();
  if (!is_indexer(options.from)) {
    return Status::error(ExitCode::usage, "--from is indexer or indexer=URL",
                         "alerts of files: socctl alert map FILE");
  }
  const auto from =
      indexer_options(context.env, options.from, options.indexer, options.profile, *window);
  if (!from.ok()) return from.status();
  catch_interrupts();
  http::Client http(from->http);
  opensearch::ConnectionOptions connection = from->connection;
  connection.retry_for_ms = 0;
  opensearch::Client client(opensearch::Connection(http, std::move(connection)));
  std::vector<Row> rows;
  for (const reconcile::IndexPart& part : from->parts) {
    Status searched = search(client, part, *from, options.limit, rows);
    if (searched.ok()) continue;
    if (searched.code() != ExitCode::degraded) return searched;
    code = fail(searched);  // the documents of other indices are still shown
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.time_ms > b.time_ms; });
  if (rows.size() > options.limit) rows.resize(options.limit);
  return rows;
}

ExitCode print(std::vector<Row> rows, term::Format format, Context& context, ExitCode code) {
  term::Records records(format, context.out,
                        {"TIME", "LEVEL", "RULE", "AGENT", "SOURCEREF", "DOCUMENT", "DESCRIPTION"},
                        write_out);
  for (Row& row : rows) records.add(std::move(row.cells), row.json);
  records.finish("No alerts.");
  return code;
}

}  // namespace

ExitCode search_indexer(const SearchOptions& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  ExitCode code = ExitCode::ok;
  auto rows = find_rows(options, context, code);
  if (!rows.ok()) return fail(rows.status());
  return print(std::move(*rows), *format, context, code);
}

ExitCode show_indexed(Context& context, SearchOptions options) {
  if (options.output.empty()) options.output = "yaml";
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  ExitCode code = ExitCode::ok;
  auto rows = find_rows(options, context, code);
  if (!rows.ok()) return fail(rows.status());
  if (rows->empty() && code == ExitCode::ok) {
    return fail(Status::error(ExitCode::refused,
                              "the indexer has no alert " + printable(options.indexer.ids.front()),
                              "socctl alert list --from indexer shows the newest"));
  }
  return print(std::move(*rows), *format, context, code);
}

void add_alert_search(Command& alert, Chosen& chosen) {
  Command* command = alert.add_subcommand(
      "search", "Find the newest alerts that Wazuh fired, in the indexer; complete ones with -o");
  auto options = std::make_shared<SearchOptions>();
  command
      ->add_option("ids", options->indexer.ids,
                   "Only alerts with this id, reference or document id")
      ->type_name("ALERT");
  command->add_option("--from", options->from, "indexer (default) or indexer=URL")
      ->type_name("indexer");
  command->add_option("--since", options->since, "Only alerts from this time on: 24h, today, …")
      ->type_name("TIME");
  command->add_option("--until", options->until, "Only alerts before this time")->type_name("TIME");
  options->indexer.add_to(*command);
  command
      ->add_option("--limit", options->limit, "Show at most this many, newest first (default 50)")
      ->type_name("NUMBER")
      ->range(1, 10000);
  add_profile_option(*command, options->profile);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return search_indexer(*options, context); };
  });
}

}  // namespace socbridge::socctl
