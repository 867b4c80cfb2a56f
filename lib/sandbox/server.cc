#include "sandbox/server.h"

#include <atomic>

#include "base/text.h"
#include "sandbox/http_edge.h"
#include "sandbox/router.h"

namespace socbridge::sandbox {
namespace {

// play.http.parser.maxMemoryBuffer of version 4 and 5 (facts 2.3). Files are cut at what is
// sensible here.
constexpr std::size_t kJsonV4 = 256 * 1024, kJsonV5 = 10 * kMegabyte, kForm = 128 * kMegabyte;

std::string escape_host(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

// A proxy's page instead of an answer of TheHive.
Response proxy_page(int status) {
  Response response;
  response.status = status;
  response.content_type = "text/html";
  response.body = "<html>\r\n<head><title>" + std::to_string(status) +
                  "</title></head>\r\n<body>\r\n<center><h1>" + std::to_string(status) +
                  "</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n";
  return response;
}

Response injected(const Fault& fault) {
  if (fault.html) return proxy_page(fault.status);
  const char* type = "GenericError";
  if (fault.status == 400) type = "BadRequest";
  if (fault.status == 401) type = "AuthenticationError";
  if (fault.status == 403) type = "AuthorizationError";
  if (fault.status == 404) type = "NotFoundError";
  if (fault.status == 413) type = "Unknown";
  return ApiError{fault.status, type, "Injected by a fault rule", {}}.response();
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  RouterOptions routing;
  std::unique_ptr<Store> store;
  std::unique_ptr<Faults> faults;
  StopSignal stop;
  std::atomic<std::uint64_t> requests{0};
  std::unique_ptr<HttpEdge> edge;

  Answer handle(const Request& request) {
    ++requests;
    Answer answer;
    std::string_view path = request.path;
    if (path.starts_with(routing.prefix)) path.remove_prefix(routing.prefix.size());
    answer.fault = faults->next(request.method, path);
    const Fault& fault = answer.fault;
    const bool is_api = path.starts_with("/api/");
    const std::int64_t pause = fault.before_ms + (is_api ? options.latency_ms : 0);
    if (pause > 0) stop.wait_ms(pause);
    if (fault.skip) return answer;
    if (fault.status != 0) {
      answer.response = injected(fault);
    } else {
      Context context{*store, routing.version, request};
      context.dup_race_ms = fault.dup_race_ms;
      context.query_lag_ms = fault.query_lag_ms;
      context.pause = [this](std::int64_t ms) { stop.wait_ms(ms); };
      answer.response = route(routing, context);
    }
    if (fault.retry_after >= 0) {
      answer.response.headers.emplace_back("Retry-After", std::to_string(fault.retry_after));
    }
    return answer;
  }

  Status set_up() {
    if (!parse_version(options.version, routing.version)) {
      return Status::error(ExitCode::usage,
                           "\"" + printable(options.version) + "\" is no version of TheHive 4 or 5",
                           "give one such as 5.7.3-1 or 4.1.24-1");
    }
    routing.key = options.key.reveal();
    routing.prefix = options.path_prefix;
    std::vector<FaultRule> rules;
    for (const std::string& text : options.fail_rules) {
      auto rule = parse_fault(text);
      if (!rule.ok()) return rule.status();
      rules.push_back(std::move(*rule));
    }
    faults = std::make_unique<Faults>(std::move(rules));
    auto opened = Store::open(options.state_file);
    if (!opened.ok()) return opened.status();
    store = std::move(*opened);
    return {};
  }

  Status listen() {
    EdgeOptions edge_options;
    edge_options.host = options.host;
    edge_options.port = options.port;
    edge_options.max_json_bytes = routing.version.v4() ? kJsonV4 : kJsonV5;
    edge_options.max_multipart_bytes = kForm;
    auto started = HttpEdge::start(
        edge_options, [this](const Request& request) { return handle(request); }, stop);
    if (!started.ok()) return started.status();
    edge = std::move(*started);
    return {};
  }
};

Result<Server> Server::start(ServerOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  if (const Status ready = impl->set_up(); !ready.ok()) return ready;
  if (const Status listening = impl->listen(); !listening.ok()) return listening;
  return Server(std::move(impl));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

int Server::port() const { return impl_->edge->port(); }

std::string Server::url() const {
  return "http://" + escape_host(impl_->options.host) + ":" + std::to_string(port()) +
         impl_->options.path_prefix;
}

void Server::stop() { impl_->edge->stop(); }

std::uint64_t Server::alert_count() const {
  return impl_->store->read([](const Tables& tables) { return tables.alerts().size(); });
}

std::uint64_t Server::request_count() const { return impl_->requests; }

std::string Server::alerts_json() const {
  return impl_->store->read([&](const Tables& tables) {
    const View view{tables, impl_->routing.version};
    json::Writer w;
    w.begin_array();
    for (const auto& [id, alert] : tables.alerts()) write_view(w, view, alert);
    w.end_array();
    return std::move(w).take();
  });
}

}  // namespace socbridge::sandbox
