// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/server/product_server.h"

namespace socbridge::sandbox {
namespace {

// A proxy's page instead of the product's answer.
Response proxy_page(int status) {
  Response response;
  response.status = status;
  response.content_type = "text/html";
  response.body = "<html>\r\n<head><title>" + std::to_string(status) +
                  "</title></head>\r\n<body>\r\n<center><h1>" + std::to_string(status) +
                  "</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n";
  return response;
}

std::string escape_host(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

Answer ProductServer::handle(const Request& request) {
  ++requests_;
  Answer answer;
  std::string_view path = request.path;
  if (path.starts_with(options_.path_prefix)) path.remove_prefix(options_.path_prefix.size());
  answer.fault = faults_->next(request.method, path, product_.is_api(path));
  const Fault& fault = answer.fault;
  const std::int64_t pause = fault.before_ms + (product_.is_api(path) ? options_.latency_ms : 0);
  if (pause > 0) stop_.wait_ms(pause);
  if (fault.skip) return answer;
  if (fault.status != 0) {
    answer.response = fault.html ? proxy_page(fault.status) : product_.injected(fault);
  } else {
    answer.response = product_.handle(request, fault, stop_);
  }
  if (fault.retry_after >= 0) {
    answer.response.headers.emplace_back("Retry-After", std::to_string(fault.retry_after));
  }
  return answer;
}

Response ProductServer::ask(const Request& request) {
  Answer answer = handle(request);
  if (answer.fault.skip || answer.fault.end != Fault::End::whole) answer.response.status = 0;
  return std::move(answer.response);
}

Result<std::unique_ptr<ProductServer>> ProductServer::start(const ListenOptions& options,
                                                            Product& product) {
  std::vector<FaultRule> rules;
  for (const std::string& text : options.fail_rules) {
    auto rule = parse_fault(text);
    if (!rule.ok()) return rule.status();
    rules.push_back(std::move(*rule));
  }
  std::unique_ptr<ProductServer> server(new ProductServer(options, product));
  server->faults_ = std::make_unique<Faults>(std::move(rules));
  EdgeOptions edge;
  edge.host = options.host;
  edge.port = options.port;
  edge.max_json_bytes = options.max_json_bytes;
  edge.max_multipart_bytes = options.max_multipart_bytes;
  ProductServer* self = server.get();
  auto started = HttpEdge::start(
      edge, [self](const Request& request) { return self->handle(request); }, server->stop_);
  if (!started.ok()) return started.status();
  server->edge_ = std::move(*started);
  return server;
}

ProductServer::~ProductServer() {
  if (edge_) edge_->stop();
}

std::string ProductServer::url() const {
  return "http://" + escape_host(options_.host) + ":" + std::to_string(port()) +
         options_.path_prefix;
}

}  // namespace socbridge::sandbox
