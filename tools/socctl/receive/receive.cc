// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <csignal>
#include <memory>
#include <thread>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "integration/settings_lookup.h"
#include "receive/gate.h"
#include "receive/memory_budget.h"
#include "receive/receive_metrics.h"
#include "receive/receiver.h"
#include "receive/worker_pool.h"
#include "relay/relay.h"
#include "service/service_runtime.h"
#include "socctl/common/command.h"
#include "socctl/common/metrics_listen.h"
#include "socctl/common/spool_options.h"
#include "socctl/receive/receive_options.h"
#include "socctl/relay/relay_options.h"
#include "web/http_server.h"

namespace socbridge::socctl {
namespace {

// They mostly wait for the disk, and one sync of the journal serves all of them.
constexpr std::size_t kStorers = 16;
constexpr std::int64_t kStopMs = 5000;

struct Options {
  ReceiveFlags receive;
  SpoolOptions spool;
  RelayFlags relay;
  MetricsListenFlags pages;
  bool accept_only = false;
};

// Everything needed to store alerts, without the delivery.
class Intake {
 public:
  Intake(std::unique_ptr<web::HttpServer> server, receive::Receiver& receiver,
         receive::GateOptions gate, const relay::Relay* relay, std::uint64_t memory)
      : server_(std::move(server)),
        receiver_(receiver),
        relay_(relay),
        gate_(
            std::move(gate), [this] { return health(); }, [this] { return metrics(); },
            steady_now_ms),
        reading_(memory) {}

  Status start() {
    if (Status bad = storers_.start(kStorers); !bad.ok()) return bad;
    serving_ = std::thread([this] {
      server_->serve(
          [this](const web::RequestHead& head) { return gate_.screen(head); },
          [this](const web::RequestHead&, std::string body, web::HttpServer::Respond respond) {
            give(std::move(body), std::move(respond));
          });
    });
    return {};
  }

  void stop() {
    server_->stop(kStopMs);
    serving_.join();
    storers_.stop();
  }

  // Thread safe.
  std::string metrics_text() const {
    receive::ReceiveView view{receiver_.counts(), gate_.counts(), server_->load(), started_ms_};
    std::string text = receive::receive_prometheus(view);
    if (relay_ != nullptr) text += relay_->metrics();
    return text;
  }

 private:
  void give(std::string body, web::HttpServer::Respond respond) {
    storers_.give([this, body = std::move(body), respond = std::move(respond)]() mutable {
      const receive::MemoryBudget::Share share(reading_, receive::reading_cost(body));
      respond(receiver_.take(body));
    });
  }

  web::HttpAnswer health() const {
    const Status storing = receiver_.storing();
    return storing.ok() ? web::plain_answer(200, "ok")
                        : web::plain_answer(503, "alerts cannot be stored; see the log");
  }

  web::HttpAnswer metrics() const {
    return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text()};
  }

  std::unique_ptr<web::HttpServer> server_;
  receive::Receiver& receiver_;
  const relay::Relay* relay_;
  const UnixMillis started_ms_ = wall_now_ms();
  receive::Gate gate_;
  receive::MemoryBudget reading_;
  receive::WorkerPool storers_;
  std::thread serving_;
};

// Reloads changed settings, like a relay does.
ExitCode wait_for_end(ServiceRuntime& service, integration::SettingsLookup& settings,
                      relay::EventLog& log) {
  constexpr std::int64_t kCheckMs = 2000;
  constexpr const char* kState = "accepting";
  service.manager().ready(kState);
  while (true) {
    const auto signal = service.wait(kCheckMs);
    if (service.stopping()) break;
    if (settings.refresh()) {
      log.say(relay::Level::info, "the configuration changed; it is read again");
    }
    if (signal == SIGHUP) {
      service.manager().reloading();
      settings.forget();
      log.say(relay::Level::info, "reloaded");
      service.manager().ready(kState);
    }
  }
  service.manager().stopping("stopping");
  return ExitCode::ok;
}

ExitCode run_receive(const Options& given, Context& context) {
  auto relay_options = given.relay.read();
  if (!relay_options.ok()) return fail(relay_options.status());
  // To be called before root's files become unreadable.
  auto listener = open_receiver(context.env, given.receive, allow_many_files());
  if (!listener.ok()) return fail(listener.status());
  auto pages = given.pages.open(context.env);
  if (!pages.ok()) return fail(pages.status());
  listener->gate.serves_metrics = !given.pages.wanted();
  for (const std::string& warning : listener->warnings) warn(warning);
  SpoolOptions spool = given.spool;
  spool.named = listener->tls_files;
  if (*pages)
    spool.named.insert(spool.named.end(), (*pages)->files().begin(), (*pages)->files().end());
  auto open = open_spool(context.env, spool, SpoolUse::make);
  if (!open.ok()) return fail(open.status());
  ServiceRuntime service({SIGHUP});
  relay::EventLog log(service_log("socctl receive"), given.relay.verbose);
  integration::SettingsLookup accounts(context.env, open->place.home, open->place.config_file,
                                       open->place.ossec_conf);
  receive::Receiver receiver(open->spool, accounts, log, std::move(listener->formats),
                             given.receive.integration);
  relay::Relay relay(open->spool.env(), open->spool, accounts, *relay_options, log);
  Intake intake(std::move(listener->server), receiver, std::move(listener->gate),
                given.accept_only ? nullptr : &relay, given.receive.max_memory_mib << 20);
  if (const Status started = intake.start(); !started.ok()) return fail(started);
  log.say(relay::Level::info, "listening at " + listener->url);
  serve_metrics(pages->get(), [&intake] { return intake.metrics_text(); });
  const ExitCode code = given.accept_only ? wait_for_end(service, accounts, log)
                                          : relay.run(service.signals(), service.manager());
  pages->reset();
  intake.stop();
  return code;
}

}  // namespace

void add_receive(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand(
      "receive", "Receive alerts by HTTP (webhooks), store and deliver them, until stopped");
  auto options = std::make_shared<Options>();
  options->receive.add_to(*command);
  command->add_flag("--accept-only", options->accept_only,
                    "Only store; socctl relay with the same spool delivers");
  options->spool.add_to(*command);
  options->relay.add_to(*command);
  options->pages.add_to(*command);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_receive(*options, context); };
  });
}

}  // namespace socbridge::socctl
