// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/server/http_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <thread>

#include "base/text.h"
#include "soc-sandbox/server/connection.h"
#include "soc-sandbox/server/workers.h"

namespace socbridge::sandbox {
namespace {

constexpr int kBacklog = 1024;
constexpr char kAnyPath[] = R"([\s\S]*)";

// The connection in the form that httplib needs.
class EdgeStream final : public httplib::Stream {
 public:
  explicit EdgeStream(Connection& connection) : connection_(connection) {}
  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* out, std::size_t size) override { return connection_.read(out, size); }
  ssize_t write(const char* bytes, std::size_t size) override {
    connection_.write(bytes, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  socket_t socket() const override { return connection_.socket(); }

 private:
  Connection& connection_;
};

class EdgeQueue final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> job) override { workers_.run(std::move(job)); }
  void shutdown() override { workers_.finish(); }

 private:
  Workers workers_;
};

// The result of the handler for the current request; it runs in the connection's thread.
struct FaultState {
  bool handled = false;
  Fault fault;
  Response streamed;  // without body, for a stream
};
thread_local FaultState fault_state;

class ChunkSender final : public Sender {
 public:
  explicit ChunkSender(Connection& connection) : connection_(connection) {}
  bool send(std::string_view bytes) override {
    if (bytes.empty()) return true;
    return connection_.send_now(fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes));
  }
  bool pause_ms(std::int64_t ms) override { return connection_.pause_ms(ms); }
  void cut() override { cut_ = true; }
  bool is_cut() const { return cut_; }

 private:
  Connection& connection_;
  bool cut_ = false;
};

// httplib collects complete answers, so the head of a stream is written here.
void send_stream(Connection& connection, const Response& response) {
  connection.forget_gathered();
  std::string head = fmt::format(
      "HTTP/1.1 {} OK\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n",
      response.status, response.content_type);
  for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
  if (!connection.send_now(head + "\r\n")) return;
  ChunkSender sender(connection);
  response.stream(sender);
  if (sender.is_cut()) {
    connection.reset();
  } else {
    connection.send_now("0\r\n\r\n");
  }
}

class EdgeServer final : public httplib::Server {
 public:
  explicit EdgeServer(const StopSignal& stop) : stop_(stop) {}
  // httplib uses a queue of 5, too short for a burst.
  bool widen_queue() { return ::listen(svr_sock_, kBacklog) == 0; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket, stop_);
    while (connection.wait_readable(Connection::kIdleMs)) {
      fault_state = {};
      EdgeStream stream(connection);
      bool closed = false;
      const bool done = process_request(stream, false, closed, [](httplib::Request&) {});
      if (fault_state.streamed.stream && fault_state.fault.end == Fault::End::whole) {
        send_stream(connection, fault_state.streamed);
        break;
      }
      const bool usable = connection.deliver(fault_state.fault);
      if (!done || closed || !usable || !fault_state.handled) break;
    }
    return true;
  }

  const StopSignal& stop_;
};

void read_headers(const httplib::Request& from, Request& out) {
  out.method = from.method;
  read_target(from.target, out);
  const std::string type = from.get_header_value("Content-Type");
  out.content_type = ascii_lower(trim(std::string_view(type).substr(0, type.find(';'))));
  out.authorization = from.get_header_value("Authorization");
  out.organisation = from.get_header_value("X-Organisation");
  for (const auto& [name, value] : from.headers) out.headers.emplace_back(ascii_lower(name), value);
}

// Reads the body to its end whatever its size, so that the client receives the answer.
void read_body(const httplib::Request& from, const httplib::ContentReader& reader,
               const EdgeOptions& options, Request& out) {
  const bool chunked = from.has_header("Transfer-Encoding");
  const std::string length = from.get_header_value("Content-Length");
  if (!chunked && (length.empty() || length == "0")) return;
  std::size_t size = 0;
  const auto keep = [&](std::string& into, std::size_t most, const char* data, std::size_t count) {
    size += count;
    out.too_large = out.too_large || size > most;
    if (!out.too_large) into.append(data, count);
    return true;
  };
  if (!from.is_multipart_form_data()) {
    reader([&](const char* data, std::size_t count) {
      return keep(out.body, options.max_json_bytes, data, count);
    });
    return;
  }
  reader(
      [&](const httplib::MultipartFormData& file) {
        out.parts.push_back({file.name, file.filename, file.content_type, {}});
        return true;
      },
      [&](const char* data, std::size_t count) {
        return keep(out.parts.back().content, options.max_multipart_bytes, data, count);
      });
  for (const Part& part : out.parts) {
    if (part.name == "_json") out.body = part.content;
  }
}

void write_answer(Answer answer, httplib::Response& out) {
  fault_state = {true, answer.fault, {}};
  out.status = answer.response.status;
  for (const auto& [name, value] : answer.response.headers) out.set_header(name, value);
  if (answer.response.stream) {
    fault_state.streamed = std::move(answer.response);
    return;
  }
  if (!answer.response.content_type.empty()) {
    out.body = std::move(answer.response.body);
    out.set_header("Content-Type", answer.response.content_type);
  }
}

}  // namespace

struct HttpEdge::Impl {
  Impl(EdgeOptions given, Handler given_handler, StopSignal& signal)
      : options(std::move(given)),
        handler(std::move(given_handler)),
        stop(signal),
        server(signal) {}

  EdgeOptions options;
  Handler handler;
  StopSignal& stop;
  EdgeServer server;
  int port = 0;
  std::thread thread;

  void handle(const httplib::Request& from, httplib::Response& to,
              const httplib::ContentReader* reader) {
    Request request;
    read_headers(from, request);
    if (reader != nullptr) read_body(from, *reader, options, request);
    if (to.status >= 400) return;  // the body was not valid HTTP
    write_answer(handler(request), to);
  }

  void set_up() {
    const auto plain = [this](const httplib::Request& from, httplib::Response& to) {
      handle(from, to, nullptr);
    };
    const auto reading = [this](const httplib::Request& from, httplib::Response& to,
                                const httplib::ContentReader& reader) {
      handle(from, to, &reader);
    };
    server.Get(kAnyPath, plain).Options(kAnyPath, plain);
    server.Post(kAnyPath, reading).Put(kAnyPath, reading);
    server.Patch(kAnyPath, reading).Delete(kAnyPath, reading);
    // Without SO_REUSEPORT, which httplib would set: two servers must not share a port.
    server.set_socket_options([](socket_t socket) {
      const int on = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    constexpr std::size_t kRequests = 1000000000;
    server.set_keep_alive_max_count(kRequests);
    server.set_keep_alive_timeout(Connection::kIdleMs / 1000);
    server.new_task_queue = [] { return new EdgeQueue; };
    server.set_exception_handler(
        [](const httplib::Request&, httplib::Response& to, const std::exception_ptr&) {
          write_answer({ApiError{500, "InternalError", "Internal error", {}}.response(), {}}, to);
        });
    server.set_error_handler([](const httplib::Request&, httplib::Response& to) {
      if (!to.body.empty() || fault_state.handled) return;
      const ApiError error{to.status, "BadRequest", "The request is not valid HTTP", {}};
      to.set_content(error.response().body, "application/json");
    });
  }
};

HttpEdge::HttpEdge(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpEdge::~HttpEdge() { stop(); }
int HttpEdge::port() const { return impl_->port; }

Result<std::unique_ptr<HttpEdge>> HttpEdge::start(const EdgeOptions& options, Handler handler,
                                                  StopSignal& stop) {
  auto impl = std::make_unique<Impl>(options, std::move(handler), stop);
  impl->set_up();
  EdgeServer& server = impl->server;
  bool bound = false;
  if (options.port == 0) {
    impl->port = server.bind_to_any_port(options.host);
    bound = impl->port > 0;
  } else {
    impl->port = options.port;
    bound = server.bind_to_port(options.host, options.port);
  }
  if (!bound || !server.widen_queue()) {
    return Status::error(ExitCode::failure,
                         "cannot listen on " + printable(options.host) + ":" +
                             std::to_string(options.port) +
                             ": the port is in use, or the address "
                             "is not one of this machine",
                         "choose another one, or port 0 for any free one");
  }
  impl->thread = std::thread([&server] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::sleep_for(std::chrono::microseconds(50));
  return std::unique_ptr<HttpEdge>(new HttpEdge(std::move(impl)));
}

void HttpEdge::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->stop.raise();
  impl_->server.stop();
  impl_->thread.join();
}

}  // namespace socbridge::sandbox
