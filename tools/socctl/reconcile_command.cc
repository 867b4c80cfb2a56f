#include <memory>
#include <optional>

#include "alert_options.h"
#include "base/time.h"
#include "command.h"
#include "http/client.h"
#include "interrupt.h"
#include "reconcile/cursor.h"
#include "reconcile/file_source.h"
#include "reconcile/moment.h"
#include "reconcile/queued.h"
#include "reconcile/reconcile.h"
#include "reconcile/report.h"
#include "reconcile/thehive_destination.h"
#include "relay/target.h"
#include "term/progress.h"
#include "wazuh_access.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::string from, since, until, cursor_file, output;
  MappingFlags mapping;
  TargetFlags target;
  bool dry_run = false;
  std::size_t batch = 200;
};

Result<reconcile::Window> window_of(const Options& options) {
  reconcile::Window window;
  const UnixMillis now = wall_now_ms();
  for (const auto& [name, text, bound] : {std::tuple("--since", &options.since, &window.since),
                                          std::tuple("--until", &options.until, &window.until)}) {
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

term::Style style_of(reconcile::Fate fate) {
  return fate == reconcile::Fate::filled ? term::Style::green : term::Style::red;
}

// Prints what was found. People see a bounded number of alerts and a table of figures, programs see
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
        {reconcile::fate_name(finding.fate), style_of(finding.fate)},
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

ExitCode run_reconcile(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto window = window_of(options);
  if (!window.ok()) return fail(window.status());
  const auto endpoint = profile::resolve(context.env, "thehive", options.target.flags,
                                         profile::Surroundings::of_process());
  if (!endpoint.ok()) return fail(endpoint.status());
  if (const Status in = enter_wazuh(context.env, options.mapping.named({options.from})); !in.ok()) {
    return fail(in);
  }
  auto loaded = options.mapping.load(context.env);
  if (!loaded.ok()) return fail(loaded.status());
  if (const Status bad = first_error(*loaded); !bad.ok()) return fail(bad);
  relay::Settings& settings = loaded->settings;
  aim_at(*endpoint, settings);

  std::optional<reconcile::Cursor> cursor;
  if (!options.cursor_file.empty()) {
    auto opened = reconcile::Cursor::open(context.env, options.cursor_file, options.from);
    if (!opened.ok()) return fail(opened.status());
    cursor.emplace(std::move(*opened));
  }
  auto source = reconcile::FileSource::open(context.env, options.from, *window,
                                            cursor ? cursor->position() : json::Value(),
                                            cursor ? cursor->time_ms() : 0);
  if (!source.ok()) return fail(source.status());
  const auto queued = reconcile::Queued::read(context.env, settings.spool_dir, settings.mapping);
  if (!queued.ok()) {
    warn("the spool cannot be read, so what waits there counts as missing: " +
         queued.status().line());
  }

  catch_interrupts();
  http::Client http(reconcile::client_options(settings));
  std::string version_remark;
  if (const Status version = relay::fix_version(settings, http, version_remark); !version.ok()) {
    return fail(version);
  }
  if (!version_remark.empty()) warn(version_remark);
  reconcile::TheHiveDestination destination(context.env, settings, http, interrupted);

  Printer printer(*format, context);
  term::Progress progress("reconcile", context.err, write_err);
  reconcile::Plan plan;
  plan.window = *window;
  plan.dry_run = options.dry_run;
  plan.batch = options.batch;
  const std::string state_dir = settings.spool_dir + "/state";
  if (context.env.stat(state_dir).ok()) plan.state_dir = state_dir;
  reconcile::Hooks hooks;
  hooks.stop = interrupted;
  hooks.on_finding = [&](const reconcile::Finding& finding) {
    progress.clear();
    printer.finding(finding);
  };
  hooks.on_progress = [&](const reconcile::Counts& counts, const reconcile::Reading& reading) {
    progress.update({reading.done, reading.total, counts.fired + counts.outside, "alerts"});
  };
  if (cursor) {
    hooks.save = [&](const std::string& position, UnixMillis time) {
      return cursor->save(position, time);
    };
  }
  const reconcile::Queued none;
  const reconcile::Report report =
      reconcile::run(context.env, *source, destination, queued.ok() ? *queued : none,
                     settings.mapping, plan, hooks);
  progress.clear();
  printer.summary(report, {source->description(), endpoint->url, *window, options.dry_run});
  for (const std::string& remark : reconcile::remarks(report)) warn(remark);
  return report.code();
}

}  // namespace

void add_reconcile(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand(
      "reconcile",
      "Compare the alerts that Wazuh fired with TheHive and send those that are missing");
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "--from", options->from,
          "alerts.json, Wazuh's logs/alerts folder with its archives, JSON Lines, or what a "
          "search of the indexer gave, also gzipped; - is standard input")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--since", options->since,
                   "Only alerts from this time on: 24h, 7d, today, 2025-03-14, ISO 8601")
      ->type_name("TIME");
  command->add_option("--until", options->until, "Only alerts before this time")->type_name("TIME");
  command->add_flag("--dry-run", options->dry_run, "Compare and print, send nothing");
  command
      ->add_option("--cursor-file", options->cursor_file,
                   "Go on where the last run with this file ended, and keep how far this one comes")
      ->type_name("FILE");
  command
      ->add_option("--batch", options->batch, "References in one question to TheHive (default 200)")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 1000));
  options->mapping.add_to(*command);
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_reconcile(*options, context); };
  });
}

}  // namespace socbridge::socctl
