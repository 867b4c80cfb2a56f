// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/product.h"

#include <utility>

#include "soc-sandbox/opencti/platform.h"
#include "soc-sandbox/opencti/rights.h"
#include "soc-sandbox/opencti/stream_service.h"

namespace socbridge::sandbox::opencti {
namespace {

Response web_page() {
  Response out;
  out.content_type = "text/html; charset=utf-8";
  out.body =
      "<!doctype html>\n<html lang=\"en\"><head><title>OpenCTI - Cyber Threat Intelligence "
      "Platform</title></head><body><div id=\"root\"></div></body></html>\n";
  return out;
}

class OpenCti final : public Product {
 public:
  OpenCti(std::unique_ptr<Platform> platform, std::unique_ptr<StreamService> stream, Secret key)
      : platform_(std::move(platform)), stream_(std::move(stream)), key_(std::move(key)) {}

  Response handle(const Request& request, const Fault& fault, const StopSignal&) override {
    if (request.method == "POST" && request.path == "/graphql") return post(request, fault);
    if (request.method == "GET" && request.path == "/sandbox/searches") {
      return json_response(200, "{\"most\":" + std::to_string(platform_->most_searches()) +
                                    ",\"requests\":" + std::to_string(platform_->requests()) + "}");
    }
    if (request.method == "GET" && request.path == "/health") {
      return json_response(200, R"({"status":"success"})");
    }
    if (auto answer = stream_->handle(request)) return std::move(*answer);
    if (request.method == "GET") return web_page();
    return json_response(404, R"({"status":"error","error":"Path not found"})");
  }

  Response injected(const Fault& fault) const override {
    if (fault.status == 429) {
      return json_response(429, R"({"message":"Too many requests, please try again later."})");
    }
    return json_response(fault.status, R"({"status":"error","error":"Injected by a fault rule"})");
  }

  bool is_api(std::string_view path) const override {
    return path == "/graphql" || path.starts_with("/stream");
  }

 private:
  // The scheme is case sensitive, like on the platform.
  Platform::Caller caller(const Request& request) const {
    constexpr std::string_view kScheme = "Bearer ";
    const std::string_view given = request.authorization;
    if (!given.starts_with(kScheme) || given.size() == kScheme.size()) return {};
    const std::string token(given.substr(kScheme.size()));
    if (platform_->has_token(token)) return {true, token};
    return {key_.empty() || token == key_.reveal(), {}};
  }

  Response post(const Request& request, const Fault& fault) {
    if (request.content_type != "application/json") {
      return json_response(400, R"({"errors":[{"message":"This operation has been blocked as a )"
                                R"(potential Cross-Site Request Forgery (CSRF)."}]})");
    }
    const auto body = json::Document::parse(request.body);
    if (!body.ok()) {
      return json_response(500, R"({"status":"error","error":"Unexpected token in JSON"})");
    }
    const json::Value root = body->root();
    const auto text = root["query"].string();
    if (root.is_array() || !text) {
      return json_response(400, graphql::error_body({"BAD_REQUEST",
                                                     "POST body missing, invalid "
                                                     "Content-Type, or JSON object has no keys.",
                                                     {},
                                                     {}}));
    }
    if (text->find("__schema") != std::string_view::npos) {
      return json_response(
          200, graphql::error_body(
                   {"RESOURCE_NOT_FOUND", "GraphQL introspection not authorized!", {}, {}}));
    }
    const auto document = graphql::parse(*text);
    if (!document.ok()) {
      return json_response(
          200, graphql::error_body({"GRAPHQL_PARSE_FAILED", document.status().message(), {}, {}}));
    }
    const std::string operation(root["operationName"].string_or_empty());
    return json_response(
        200,
        platform_->answer(*document, operation, root["variables"], caller(request), fault.error)
            .body());
  }

  std::unique_ptr<Platform> platform_;
  std::unique_ptr<StreamService> stream_;
  Secret key_;
};

}  // namespace

Result<std::unique_ptr<Product>> make_product(const ProductSettings& settings) {
  auto platform = Platform::open(settings.data_file, std::string(settings.admin_key.reveal()));
  if (!platform.ok()) return platform.status();
  const json::Value given = (*platform)->settings();
  auto stream = StreamService::make(given["stream"], std::string(settings.key.reveal()),
                                    {may(given, "TAXIIAPI"), may(given, "BYPASS")});
  if (stream.ok()) {
    (*stream)->also_let_in([known = platform->get()](std::string_view token, std::string_view id) {
      return known->may_read(token, id);
    });
  }
  if (!stream.ok()) return stream.status();
  return std::unique_ptr<Product>(
      std::make_unique<OpenCti>(std::move(*platform), std::move(*stream), settings.key));
}

}  // namespace socbridge::sandbox::opencti
