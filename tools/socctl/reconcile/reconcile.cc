// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/privileged_files.h"
#include "base/time.h"
#include "http/client.h"
#include "integration/block_routes.h"
#include "integration/endpoint_override.h"
#include "reconcile/cursor.h"
#include "reconcile/policy.h"
#include "reconcile/reconcile.h"
#include "reconcile/reconcile_metrics.h"
#include "reconcile/report.h"
#include "reconcile/spooled_references.h"
#include "reconcile/thehive_destination.h"
#include "socctl/alert/options.h"
#include "socctl/common/command.h"
#include "socctl/common/interrupt.h"
#include "socctl/common/send_policy.h"
#include "socctl/common/wazuh_access.h"
#include "socctl/indexer/source_options.h"
#include "socctl/reconcile/inputs.h"
#include "socctl/reconcile/ways.h"
#include "spool/spool.h"
#include "term/progress.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {
namespace {

term::Style style_of(reconcile::FindingKind kind) {
  using Kind = reconcile::FindingKind;
  return kind == Kind::filled || kind == Kind::promoted ? term::Style::green : term::Style::red;
}

// Prints the findings. For people a limited number of alerts and a table of counts, for programs
// everything.
class Printer {
 public:
  Printer(term::Format format, Context& context)
      : context_(context),
        alerts_(format, context.out,
                {"RESULT", "TIME", "LEVEL", "RULE", "AGENT", "SOURCEREF", "MESSAGE"}, write_out),
        format_(alerts_.format()) {}

  void finding(const reconcile::Finding& finding) {
    constexpr std::size_t kMostRows = 50;
    if (format_ == term::Format::table && alerts_.count() >= kMostRows) {
      ++not_shown_;
      return;
    }
    std::vector<term::Cell> cells = {
        {reconcile::kind_name(finding.kind), style_of(finding.kind)},
        {finding.time_ms == 0 ? "-" : format_utc(finding.time_ms)},
        {std::to_string(finding.level)},
        {finding.rule_id},
        {finding.agent},
        {finding.source_ref.empty() ? finding.place : finding.source_ref},
        {finding.message}};
    if (format_ == term::Format::plain) cells.insert(cells.begin(), {"alert"});
    alerts_.add(std::move(cells), reconcile::finding_json(finding));
  }

  void summary(const reconcile::Report& report, const reconcile::Heading& heading) {
    const bool for_people = format_ == term::Format::table || format_ == term::Format::plain;
    if (!for_people) {
      alerts_.add({}, reconcile::summary_json(report, heading));
      alerts_.finish();
      return;
    }
    alerts_.finish();
    if (not_shown_ > 0) {
      write_out("… and " + term::group_digits(not_shown_) + " more; -o jsonl shows all\n");
    }
    if (format_ == term::Format::table && alerts_.count() > 0) write_out("\n");
    term::Records figures(format_, context_.out, {"WHAT", "ALERTS", "MEANING"}, write_out);
    for (const reconcile::SummaryRow& row : reconcile::summary_rows(report, heading.dry_run)) {
      std::vector<term::Cell> cells = {
          {row.what, row.bad ? term::Style::red : term::Style::none},
          {format_ == term::Format::table ? term::group_digits(row.count)
                                          : std::to_string(row.count)},
          {row.meaning, term::Style::dim}};
      if (format_ == term::Format::plain) cells.insert(cells.begin(), {"count"});
      figures.add(std::move(cells), {});
    }
    figures.finish();
  }

 private:
  Context& context_;
  term::Records alerts_;
  term::Format format_;
  std::uint64_t not_shown_ = 0;
};

// Everything that is opened before the first request.
struct Opened {
  std::optional<reconcile::Cursor> cursor;
  std::unique_ptr<reconcile::AlertSource> source;
  bool asks_indexer = false;
  std::optional<spool::Spool> spool;
  reconcile::SpooledReferences queued;

  // For all access to the spool; `otherwise` if there is none.
  Env& env(Env& otherwise) const { return spool ? spool->env() : otherwise; }
};

Status open_all(const ReconcileOptions& options, Inputs inputs, const reconcile::Window& window,
                Env& env, Opened& opened) {
  if (!options.cursor_file.empty()) {
    auto cursor = reconcile::Cursor::open(env, options.cursor_file, inputs.name());
    if (!cursor.ok()) return cursor.status();
    opened.cursor.emplace(std::move(*cursor));
  }
  opened.asks_indexer = std::any_of(inputs.indexers.begin(), inputs.indexers.end(),
                                    [](const auto& one) { return one.has_value(); });
  auto source = open_inputs(env, std::move(inputs), window,
                            opened.cursor ? opened.cursor->position() : json::Value(),
                            opened.cursor ? opened.cursor->time_ms() : 0);
  if (!source.ok()) return source.status();
  opened.source = std::move(*source);
  return {};
}

reconcile::Plan plan_of(const ReconcileOptions& options, const reconcile::Window& window,
                        const Opened& opened, Env& env, const std::string& spool_dir) {
  reconcile::Plan plan;
  plan.window = window;
  plan.dry_run = options.dry_run;
  plan.batch = options.batch;
  const std::string state_dir = spool_dir + "/state";
  if (env.stat(state_dir).ok()) plan.state_dir = state_dir;
  // An indexer also has alerts of other managers, whose senders use other locks.
  if (!plan.state_dir.empty() && !opened.asks_indexer) plan.case_age_ms = 0;
  return plan;
}

// The routes with the settings they use; `ways` must outlive it.
struct Roads {
  std::vector<std::unique_ptr<reconcile::TheHiveDestination>> destinations;
  std::vector<reconcile::Route> routes;
};

Result<Roads> make_roads(Ways& ways, Env& env, http::Client& http) {
  Roads roads;
  for (std::size_t i = 0; i < ways.settings.size(); ++i) {
    integration::Settings& settings = ways.settings[i];
    if (i > 0) settings.thehive_version = ways.settings.front().thehive_version;
    std::string remark;
    if (const Status version = integration::pin_version(settings, http, remark); !version.ok()) {
      return version;
    }
    if (!remark.empty()) warn(remark);
    roads.destinations.push_back(std::make_unique<reconcile::TheHiveDestination>(
        env, settings, http, send_policy(settings)));
    reconcile::Route route;
    if (i < ways.selection.blocks.size()) route.filter = ways.selection.blocks[i].filter;
    route.mapping = settings.mapping;
    route.destination = roads.destinations.back().get();
    route.name = settings.destination;
    roads.routes.push_back(std::move(route));
  }
  return roads;
}

reconcile::Report compare(Opened& opened, const Roads& roads, const reconcile::Plan& plan,
                          Printer& printer, Context& context) {
  term::Progress progress("reconcile", context.err, write_err);
  reconcile::Hooks hooks;
  hooks.stop = interrupted;
  hooks.on_finding = [&](const reconcile::Finding& finding) {
    progress.clear();
    printer.finding(finding);
  };
  hooks.on_progress = [&](const reconcile::Counts& counts, const reconcile::Reading& reading) {
    progress.update({reading.done, reading.total, counts.alerts_read + counts.outside, "alerts"});
  };
  if (opened.cursor) {
    hooks.save = [&](const std::string& position, UnixMillis time) {
      return opened.cursor->save(position, time);
    };
  }
  reconcile::Report report = reconcile::run(opened.env(context.env), *opened.source,
                                            {roads.routes, opened.queued}, plan, hooks);
  progress.clear();
  return report;
}

// The result of the run is not affected: a file that cannot be written is a warning.
void write_metrics(const ReconcileOptions& options, const reconcile::Report& report, Env& env) {
  if (options.metrics_file.empty()) return;
  const std::string text = reconcile::reconcile_prometheus(report, wall_now_ms());
  const Status written = replace_kept(env, options.metrics_file, text, Readers::all);
  if (!written.ok()) warn("metrics: " + written.line());
}

ExitCode run_reconcile(const ReconcileOptions& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto window = read_window(options.since, options.until, options.slice);
  if (!window.ok()) return fail(window.status());
  auto inputs =
      find_inputs(context.env, {options.from, options.indexer, options.target.flags.config_file,
                                *window, !options.cursor_file.empty()});
  if (!inputs.ok()) return fail(inputs.status());
  auto ways = find_ways(options, *inputs, context.env);
  if (!ways.ok()) return fail(ways.status());
  Opened opened;
  if (const Status bad = open_all(options, std::move(*inputs), *window, context.env, opened);
      !bad.ok()) {
    return fail(bad);
  }
  const integration::Settings& first = ways->settings.front();
  if (auto spool = spool::Spool::open_read_only(context.env, first.spool_dir); spool.ok()) {
    opened.spool.emplace(std::move(*spool));
    opened.spool->failures().set_report(
        [](spool::CallFailures::Event, const std::string& line) { warn(line); });
  }
  Env& env = opened.env(context.env);
  auto queued =
      reconcile::SpooledReferences::read(env, first.spool_dir, first.mapping, ways->destination);
  if (!queued.ok()) {
    warn("the spool cannot be read, so alerts waiting there count as missing: " +
         queued.status().line());
  } else {
    opened.queued = std::move(*queued);
  }
  catch_interrupts();
  http::Client http(reconcile::client_options(first));
  const auto roads = make_roads(*ways, env, http);
  if (!roads.ok()) return fail(roads.status());
  Printer printer(*format, context);
  const reconcile::Report report = compare(
      opened, *roads, plan_of(options, *window, opened, env, first.spool_dir), printer, context);
  printer.summary(report, {opened.source->description(), ways->url, *window, options.dry_run,
                           ways->selection.places, ways->selection.elsewhere, ways->destination});
  for (const std::string& remark : ways->selection.remarks) warn(remark);
  if (ways->usual_level && report.counts.not_forwarded > 0) {
    warn(
        "no block of custom-w2thive was found, so alerts below level " +
        std::to_string(kUsualLevel) +
        " were left out; set which are forwarded with --ossec-conf FILE, or min_level in --config");
  }
  for (const std::string& remark : reconcile::remarks(report)) warn(remark);
  write_metrics(options, report, context.env);
  return report.code();
}

}  // namespace

void add_reconcile(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand(
      "reconcile", "Compare the alerts that Wazuh fired with TheHive and send missing ones");
  auto options = std::make_shared<ReconcileOptions>();
  command
      ->add_option(
          "--from", options->from,
          "alerts.json, Wazuh's logs/alerts folder with its archives, JSON Lines, or output of a "
          "search of the indexer, also gzipped; - is standard input; indexer or indexer=URL "
          "is "
          "the indexer itself; repeatable: alerts that one of them lacks are reported")
      ->type_name("FILE")
      ->one_value_each()
      ->required();
  options->indexer.add_to(*command);
  command
      ->add_option("--since", options->since,
                   "Only alerts from this time on: 24h, 7d, today, 2025-03-14, ISO 8601")
      ->type_name("TIME");
  command->add_option("--until", options->until, "Only alerts before this time")->type_name("TIME");
  command
      ->add_option(
          "--slice", options->slice,
          "Only this part of the time from --since to --until: 0/4 to 3/4, so that several "
          "processes share it")
      ->type_name("I/N");
  command->add_flag("--dry-run", options->dry_run, "Compare and print, send nothing");
  command
      ->add_option("--cursor-file", options->cursor_file,
                   "Continue where the last run with this file ended, and store the new position")
      ->type_name("FILE");
  command
      ->add_option("--metrics-file", options->metrics_file,
                   "Write the results of the run to this file, for Prometheus' textfile collector")
      ->type_name("FILE");
  command->add_option("--batch", options->batch, "References per query to TheHive (default 200)")
      ->type_name("NUMBER")
      ->range(1, 1000);
  command
      ->add_option("--block", options->block,
                   "Check the TheHive of this block of custom-w2thive in ossec.conf, from 1")
      ->type_name("NUMBER")
      ->range(1, 1000);
  command
      ->add_option(
          "--destination", options->destination,
          "Check this destination of the configuration (default: the one described by the keys at "
          "its top)")
      ->type_name("NAME");
  options->mapping.add_to(*command);
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_reconcile(*options, context); };
  });
}

}  // namespace socbridge::socctl
