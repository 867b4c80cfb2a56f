// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <functional>
#include <memory>
#include <utility>

#include "integration/settings_lookup.h"
#include "receive/receiver.h"
#include "relay/event_log.h"
#include "relay/relay.h"
#include "service/service_runtime.h"
#include "socctl/common/command.h"
#include "socctl/common/metrics_listen.h"
#include "socctl/common/spool_options.h"
#include "socctl/relay/indexer_intake.h"
#include "socctl/relay/relay_options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  SpoolOptions spool;
  RelayFlags relay;
  FollowFlags follow;
  MetricsListenFlags pages;
  bool once = false;
};

// Takes the current alerts, then delivers them.
ExitCode read_once(IndexerIntake& intake, SignalQueue& signals,
                   const std::function<ExitCode()>& run) {
  const Status whole = intake.read_once(signals);
  if (const follow::FollowCounts read = intake.counts(); whole.ok() && read.slices == 0) {
    warn("nothing was read from the indexer: " + std::to_string(read.workers - 1) +
         " other workers of this checkpoint have all its parts; they read them, or their lease "
         "ends");
  }
  intake.stop();
  const ExitCode read = whole.ok() ? ExitCode::ok : fail(whole);
  if (read == ExitCode::interrupted || read == ExitCode::usage) return read;
  const ExitCode code = run();
  return code == ExitCode::ok ? read : code;
}

// Takes alerts until the relay ends.
ExitCode run_with_indexer(IndexerIntake& intake, const std::function<ExitCode()>& run) {
  if (const Status started = intake.start(); !started.ok()) return fail(started);
  const ExitCode code = run();
  intake.stop();
  return code;
}

ExitCode run_relay(const Options& given, Context& context) {
  auto options = given.relay.read();
  if (!options.ok()) return fail(options.status());
  options->once = given.once;
  Result<follow::FollowOptions> follow = follow::FollowOptions();
  if (given.follow.wanted()) follow = given.follow.read(context.env);
  if (!follow.ok()) return fail(follow.status());
  auto pages = given.pages.open(context.env);
  if (!pages.ok()) return fail(pages.status());
  SpoolOptions spool = given.spool;
  if (*pages) spool.named = (*pages)->files();
  auto open = open_spool(context.env, spool, SpoolUse::make);
  if (!open.ok()) return fail(open.status());
  allow_many_files();
  ServiceRuntime service({SIGHUP});
  relay::EventLog log(service_log("socctl relay"), given.relay.verbose);
  integration::SettingsLookup accounts(context.env, open->place.home, open->place.config_file,
                                       open->place.ossec_conf);
  receive::Receiver receiver(open->spool, accounts, log, {});
  std::unique_ptr<IndexerIntake> intake;
  const auto more_metrics = [&intake] {
    return intake ? follow::follow_prometheus(intake->counts()) : std::string();
  };
  options->more_metrics = more_metrics;
  relay::Relay relay(open->spool.env(), open->spool, accounts, *options, log);
  const auto run = [&] { return relay.run(service.signals(), service.manager()); };
  if (given.follow.wanted()) {
    intake = std::make_unique<IndexerIntake>(std::move(*follow), receiver,
                                             given.once ? nullptr : &relay, log);
  }
  const std::unique_ptr<web::PageServer> server =
      std::move(*pages);  // destroyed before the objects that it reads
  serve_metrics(server.get(), [&] {
    const std::string text = relay.metrics();
    return text.empty() ? text : text + more_metrics();
  });
  ExitCode code = ExitCode::ok;
  if (intake) {
    code = given.once ? read_once(*intake, service.signals(), run) : run_with_indexer(*intake, run);
  } else {
    code = run();
  }
  if (given.once) {
    const relay::RelayCounts counts = relay.counts();
    write_out(std::to_string(counts.delivered) + " delivered, " + std::to_string(counts.postponed) +
              " not delivered, " + std::to_string(counts.dead) + " refused, " +
              std::to_string(counts.corrupt) + " damaged, " + std::to_string(counts.filtered) +
              " filtered, " + std::to_string(relay.waiting()) + " waiting\n");
  }
  return code;
}

}  // namespace

void add_relay(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand(
      "relay", "Deliver alerts that custom-w2thive accepted, many at once, until stopped");
  auto options = std::make_shared<Options>();
  options->spool.add_to(*command);
  command->add_flag("--once", options->once, "Deliver due alerts, then end");
  options->relay.add_to(*command);
  options->pages.add_to(*command);
  options->follow.add_to(*command);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_relay(*options, context); };
  });
}

}  // namespace socbridge::socctl
