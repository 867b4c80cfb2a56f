// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "http/client.h"
#include "integration/block_routes.h"
#include "integration/endpoint_override.h"
#include "reconcile/cursor.h"
#include "reconcile/policy.h"
#include "reconcile/reconcile.h"
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
#include "spool/spool.h"
#include "term/progress.h"
#include "wazuh/invocation.h"

namespace socbridge::socctl {
namespace {

struct Options {
  std::vector<std::string> from;
  std::string since, until, cursor_file, output;
  IndexerFlags indexer;
  MappingFlags mapping;
  TargetFlags target;
  bool dry_run = false;
  std::size_t batch = 200;
  std::size_t block = 0;  // number, from 1; 0: not given
};

term::Style style_of(reconcile::FindingKind kind) {
  return kind == reconcile::FindingKind::filled ? term::Style::green : term::Style::red;
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

// The TheHive that is checked, and the settings of each way that leads to it.
struct Ways {
  std::vector<integration::Settings>
      settings;                    // at least one; of the same order as `selection.blocks`
  reconcile::Selection selection;  // no blocks: no ossec.conf is known
  std::string url;
  bool usual_level = false;  // no block says which levels are forwarded
};

constexpr int kUsualLevel = 7;  // where no block says which levels are forwarded

Result<profile::Endpoint> endpoint_of_block(const Options& options,
                                            const std::vector<integration::BlockRoute>& blocks) {
  if (!options.target.flags.url.empty()) {
    return Status::error(ExitCode::usage, "--block and --url name two targets", "give one of them");
  }
  if (options.block > blocks.size()) {
    return Status::error(ExitCode::usage, "there is no block " + std::to_string(options.block) +
                                              ": ossec.conf has " + std::to_string(blocks.size()) +
                                              " of custom-w2thive");
  }
  const integration::BlockRoute& block = blocks[options.block - 1];
  if (const Status bad = first_error(block.loaded); !bad.ok()) return bad;
  const integration::Settings& settings = block.loaded.settings;
  if (const Status bad = integration::check_target(settings, block.place); !bad.ok()) return bad;
  profile::Endpoint endpoint;
  endpoint.url = settings.endpoint.url;
  endpoint.key = settings.endpoint.key;
  endpoint.organisation = settings.endpoint.organisation;
  endpoint.ca_file = settings.http.tls.ca_file;
  endpoint.ca_dir = settings.http.tls.ca_dir;
  endpoint.proxy = settings.http.proxy;
  endpoint.proxy_login = settings.http.proxy_login;
  endpoint.client_cert_file = settings.http.tls.client_cert_file;
  endpoint.client_key_file = settings.http.tls.client_key_file;
  endpoint.pinned_key = settings.http.tls.pinned_key;
  endpoint.insecure = settings.http.tls.insecure;
  return endpoint;
}

// What is sent goes by the settings of the block, to the endpoint that was found.
Status aim_blocks(const Options& options, const integration::Loaded& flags,
                  const profile::Endpoint& endpoint, Ways& ways) {
  for (const integration::BlockRoute& block : ways.selection.blocks) {
    if (const Status bad = first_error(block.loaded); !bad.ok()) {
      return Status::error(bad.code(), block.place + ": " + bad.message(), bad.hint());
    }
    integration::Settings settings = block.loaded.settings;
    if (!options.mapping.options_file.empty()) settings.mapping = flags.settings.mapping;
    profile::Endpoint target = endpoint;
    if (target.organisation.empty()) target.organisation = settings.endpoint.organisation;
    aim_at(target, settings);
    ways.settings.push_back(std::move(settings));
  }
  return {};
}

// Without a block it is unknown what integratord hands over; all levels would be a flood.
void go_without_blocks(const integration::Loaded& flags, Ways& ways) {
  ways.settings.push_back(flags.settings);
  for (const config::Settings::Row& row : flags.rows) {
    if (row.name != "min_level" || row.origin != "default") continue;
    ways.settings.back().mapping.min_level = kUsualLevel;
    ways.usual_level = true;
  }
}

// Root's own configuration first: behind enter_wazuh() it is out of reach.
Result<profile::Endpoint> find_endpoint(const Options& options, const Inputs& inputs, Env& env) {
  profile::Endpoint endpoint;
  if (options.block == 0) {
    auto found =
        profile::resolve(env, "thehive", options.target.flags, profile::SystemPaths::of_process());
    if (!found.ok()) return found.status();
    endpoint = std::move(*found);
  }
  std::vector<std::string> named = inputs.files();
  named.push_back(options.target.flags.ossec_conf);
  if (const Status in = enter_wazuh(env, options.mapping.named(named)); !in.ok()) return in;
  return endpoint;
}

Result<Ways> find_ways(const Options& options, const Inputs& inputs, Env& env) {
  auto endpoint = find_endpoint(options, inputs, env);
  if (!endpoint.ok()) return endpoint.status();
  const std::string home = wazuh::find_home();
  const std::string named = options.target.flags.ossec_conf;
  const std::string conf = named.empty() ? home + "/etc/ossec.conf" : named;
  auto flags = options.mapping.load(env, conf);
  if (!flags.ok()) return flags.status();
  if (const Status bad = first_error(*flags); !bad.ok()) return bad;
  auto blocks = integration::block_routes(env, {home, flags->config_file, conf});
  if (!blocks.ok()) return blocks.status();
  if (options.block > 0) {
    auto own = endpoint_of_block(options, *blocks);
    if (!own.ok()) return own.status();
    endpoint = std::move(*own);
  }
  Ways ways;
  ways.url = endpoint->url;
  ways.selection =
      reconcile::select_blocks(std::move(*blocks), {endpoint->url, endpoint->organisation});
  if (const Status bad = aim_blocks(options, *flags, *endpoint, ways); !bad.ok()) return bad;
  if (ways.settings.empty()) {
    go_without_blocks(*flags, ways);
    aim_at(*endpoint, ways.settings.back());
  }
  return ways;
}

reconcile::Plan plan_of(const Options& options, const reconcile::Window& window, Env& env,
                        const std::string& spool_dir) {
  reconcile::Plan plan;
  plan.window = window;
  plan.dry_run = options.dry_run;
  plan.batch = options.batch;
  const std::string state_dir = spool_dir + "/state";
  if (env.stat(state_dir).ok()) plan.state_dir = state_dir;
  return plan;
}

// Everything that is opened before the first question.
struct Opened {
  std::optional<reconcile::Cursor> cursor;
  std::unique_ptr<reconcile::AlertSource> source;
  std::optional<spool::Spool> spool;
  reconcile::Queued queued;

  // For everything in the spool; `otherwise` if there is none.
  Env& env(Env& otherwise) const { return spool ? spool->env() : otherwise; }
};

Status open_all(const Options& options, Inputs inputs, const reconcile::Window& window, Env& env,
                Opened& opened) {
  if (!options.cursor_file.empty()) {
    auto cursor = reconcile::Cursor::open(env, options.cursor_file, inputs.name());
    if (!cursor.ok()) return cursor.status();
    opened.cursor.emplace(std::move(*cursor));
  }
  auto source = open_inputs(env, std::move(inputs), window,
                            opened.cursor ? opened.cursor->position() : json::Value(),
                            opened.cursor ? opened.cursor->time_ms() : 0);
  if (!source.ok()) return source.status();
  opened.source = std::move(*source);
  return {};
}

// The routes and what they send with; `ways` must outlive it.
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
    if (const Status version = integration::fix_version(settings, http, remark); !version.ok()) {
      return version;
    }
    if (!remark.empty()) warn(remark);
    roads.destinations.push_back(std::make_unique<reconcile::TheHiveDestination>(
        env, settings, http, send_policy(settings)));
    reconcile::Route route;
    if (i < ways.selection.blocks.size()) route.filter = ways.selection.blocks[i].filter;
    route.mapping = settings.mapping;
    route.destination = roads.destinations.back().get();
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
    progress.update({reading.done, reading.total, counts.fired + counts.outside, "alerts"});
  };
  if (opened.cursor) {
    hooks.save = [&](const std::string& position, UnixMillis time) {
      return opened.cursor->save(position, time);
    };
  }
  reconcile::Report report = reconcile::run(opened.env(context.env), *opened.source, roads.routes,
                                            opened.queued, plan, hooks);
  progress.clear();
  return report;
}

ExitCode run_reconcile(const Options& options, Context& context) {
  const auto format = output_format(options.output);
  if (!format.ok()) return fail(format.status());
  const auto window = read_window(options.since, options.until);
  if (!window.ok()) return fail(window.status());
  auto inputs =
      find_inputs(context.env, options.from, options.indexer, options.target.flags.config_file,
                  *window, !options.cursor_file.empty());
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
  auto queued = reconcile::Queued::read(env, first.spool_dir, first.mapping);
  if (!queued.ok()) {
    warn("the spool cannot be read, so what waits there counts as missing: " +
         queued.status().line());
  } else {
    opened.queued = std::move(*queued);
  }
  catch_interrupts();
  http::Client http(reconcile::client_options(first));
  const auto roads = make_roads(*ways, env, http);
  if (!roads.ok()) return fail(roads.status());
  Printer printer(*format, context);
  const reconcile::Report report =
      compare(opened, *roads, plan_of(options, *window, env, first.spool_dir), printer, context);
  printer.summary(report, {opened.source->description(), ways->url, *window, options.dry_run,
                           ways->selection.places, ways->selection.elsewhere});
  for (const std::string& remark : ways->selection.remarks) warn(remark);
  if (ways->usual_level && report.counts.not_forwarded > 0) {
    warn("no block of custom-w2thive is known, so alerts below level " +
         std::to_string(kUsualLevel) +
         " were left out; --ossec-conf FILE or min_level in --config says which are forwarded");
  }
  for (const std::string& remark : reconcile::remarks(report)) warn(remark);
  return report.code();
}

}  // namespace

void add_reconcile(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand(
      "reconcile",
      "Compare the alerts that Wazuh fired with TheHive and send those that are missing");
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "--from", options->from,
          "alerts.json, Wazuh's logs/alerts folder with its archives, JSON Lines, or what a "
          "search of the indexer gave, also gzipped; - is standard input; indexer or indexer=URL "
          "is "
          "the indexer itself; repeatable: what one of them lacks is reported")
      ->type_name("FILE")
      ->one_value_each()
      ->required();
  options->indexer.add_to(*command);
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
      ->range(1, 1000);
  command
      ->add_option("--block", options->block,
                   "Check the TheHive of this block of custom-w2thive in ossec.conf, from 1")
      ->type_name("NUMBER")
      ->range(1, 1000);
  options->mapping.add_to(*command);
  options->target.add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_reconcile(*options, context); };
  });
}

}  // namespace socbridge::socctl
