// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/server.h"

#include "base/text.h"
#include "soc-sandbox/server/product_server.h"
#include "soc-sandbox/thehive/router.h"

namespace socbridge::sandbox {
namespace {

// play.http.parser.maxMemoryBuffer of version 4 and 5 (docs/protocols/thehive.md, "Errors"). The
// limit for files is the sandbox's own.
constexpr std::size_t kJsonV4 = 256 * 1024, kJsonV5 = 10 * kMegabyte, kForm = 128 * kMegabyte;

class TheHive final : public Product {
 public:
  RouterOptions routing;
  std::unique_ptr<Store> store;
  CortexLink cortex;
  std::unique_ptr<Accounts> accounts;

  Response handle(const Request& request, const Fault& fault, const StopSignal& stop) override {
    Context context{*store, routing.version, request, cortex};
    context.accounts = accounts.get();
    context.dup_race_ms = fault.dup_race_ms;
    context.query_lag_ms = fault.query_lag_ms;
    context.pause = [&stop](std::int64_t ms) { stop.wait_ms(ms); };
    return route(routing, context);
  }

  Response injected(const Fault& fault) const override {
    const char* type = "GenericError";
    if (fault.status == 400) type = "BadRequest";
    if (fault.status == 401) type = "AuthenticationError";
    if (fault.status == 403) type = "AuthorizationError";
    if (fault.status == 404) type = "NotFoundError";
    if (fault.status == 413) type = "Unknown";
    return ApiError{fault.status, type, "Injected by a fault rule", {}}.response();
  }

  bool is_api(std::string_view path) const override { return path.starts_with("/api/"); }
};

}  // namespace

struct Server::Impl {
  TheHive thehive;
  std::unique_ptr<ProductServer> server;

  Status set_up(const ServerOptions& options) {
    if (!parse_version(options.version, thehive.routing.version)) {
      return Status::error(
          ExitCode::usage,
          "\"" + printable(options.version) + "\" is not a version of TheHive 4 or 5",
          "examples: 5.7.3-1, 4.1.24-1");
    }
    thehive.routing.key = options.key.reveal();
    thehive.routing.read_only_key = options.read_only_key.reveal();
    thehive.routing.prefix = options.path_prefix;
    thehive.accounts = std::make_unique<Accounts>(thehive.routing.version,
                                                  std::string(options.admin_key.reveal()));
    thehive.cortex = CortexLink(options.cortex, options.cortex_key, options.cortex_check_ms);
    auto opened = Store::open(options.state_file);
    if (!opened.ok()) return opened.status();
    thehive.store = std::move(*opened);
    return {};
  }

  Status listen(const ServerOptions& options) {
    ListenOptions listening;
    listening.host = options.host;
    listening.port = options.port;
    listening.latency_ms = options.latency_ms;
    listening.fail_rules = options.fail_rules;
    listening.path_prefix = options.path_prefix;
    listening.max_json_bytes = thehive.routing.version.v4() ? kJsonV4 : kJsonV5;
    listening.max_multipart_bytes = kForm;
    auto started = ProductServer::start(listening, thehive);
    if (!started.ok()) return started.status();
    server = std::move(*started);
    return {};
  }
};

Result<Server> Server::start(ServerOptions options) {
  auto impl = std::make_unique<Impl>();
  if (const Status ready = impl->set_up(options); !ready.ok()) return ready;
  if (const Status listening = impl->listen(options); !listening.ok()) return listening;
  return Server(std::move(impl));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

int Server::port() const { return impl_->server->port(); }

std::string Server::url() const { return impl_->server->url(); }

void Server::stop() { impl_->server->stop(); }

std::uint64_t Server::alert_count() const {
  return impl_->thehive.store->read([](const Tables& tables) { return tables.alerts().size(); });
}

std::uint64_t Server::request_count() const { return impl_->server->request_count(); }

std::string Server::alerts_json() const {
  return impl_->thehive.store->read([&](const Tables& tables) {
    const View view{tables, impl_->thehive.routing.version};
    json::Writer w;
    w.begin_array();
    for (const auto& [id, alert] : tables.alerts()) write_view(w, view, alert);
    w.end_array();
    return std::move(w).take();
  });
}

}  // namespace socbridge::sandbox
