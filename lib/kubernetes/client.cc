// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/client.h"

#include "base/text.h"
#include "http/hide_key.h"
#include "json/writer.h"

namespace socbridge::kubernetes {
namespace {

http::ClientOptions options_for(const Cluster& cluster) {
  http::ClientOptions options;
  options.tls.ca_file = cluster.ca_file;
  options.tls.client_cert_file = cluster.cert_file;
  options.tls.client_key_file = cluster.key_file;
  return options;
}

std::string review(const char* kind, const std::string& spec) {
  return std::string(R"({"apiVersion":"authorization.k8s.io/v1","kind":")") + kind +
         R"(","spec":)" + spec + "}";
}

std::string access_spec(const Right& right, const std::string& space) {
  const std::size_t slash = right.resource.find('/');
  json::Writer w;
  w.begin_object();
  w.key("resourceAttributes");
  w.begin_object();
  w.member("namespace", space);
  w.member("verb", right.verb);
  w.member("group", right.group);
  w.member("resource", right.resource.substr(0, slash));
  if (slash != std::string::npos) w.member("subresource", right.resource.substr(slash + 1));
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

constexpr int kUnauthorized = 401, kForbidden = 403;

std::string_view cure_in_a_name(int status, const http::ErrorBody& error) {
  return status == kForbidden ? "asking in the name of an account needs the right to impersonate it"
                              : cure(status, error);
}

}  // namespace

http::ErrorBody read_status(const http::Response& response) {
  return http::read_common_error(response, "kind");
}

std::string_view cure(int status, const http::ErrorBody&) {
  return status == kUnauthorized ? "the token has expired or is not known to the server" : "";
}

Client::Client(const Cluster& cluster, std::string_view account)
    : http_(options_for(cluster)), server_(cluster.server), token_(cluster.token) {
  if (account.empty()) return;
  const std::size_t colon = account.find(':');
  const std::string space =
      colon == std::string_view::npos ? cluster.space : std::string(account.substr(0, colon));
  const std::string_view name =
      colon == std::string_view::npos ? account : account.substr(colon + 1);
  user_ = "system:serviceaccount:" + space + ":" + std::string(name);
}

Result<json::Document> Client::send(const char* method, const std::string& path, std::string body,
                                    const Deadline& deadline) {
  http::Request request;
  request.method = method;
  request.url = http::join_url(server_, path);
  request.headers.emplace_back("Accept", "application/json");
  if (!user_.empty()) request.headers.emplace_back("Impersonate-User", user_);
  request.bearer = token_;
  request.body = std::move(body);
  if (!request.body.empty()) request.content_type = "application/json";
  request.timeout_ms = deadline.left_ms();
  http::Outcome outcome = http_.perform(request);
  http::hide_key(outcome, token_);
  http::ProductErrors errors = kErrors;
  if (!user_.empty()) errors.cure = cure_in_a_name;
  return http::read_json("Kubernetes at " + printable(server_, 100), outcome, errors);
}

Result<std::string> Client::version(const Deadline& deadline) {
  const auto document = send("GET", "/version", {}, deadline);
  if (!document.ok()) return document.status();
  return printable(document->root()["gitVersion"].string().value_or("unknown"), 40);
}

Result<bool> Client::allowed(const Right& right, const std::string& space,
                             const Deadline& deadline) {
  const auto document =
      send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
           review("SelfSubjectAccessReview", access_spec(right, space)), deadline);
  if (!document.ok()) return document.status();
  const auto allowed = document->root()["status"]["allowed"].boolean();
  if (!allowed) return Status::error(ExitCode::refused, "Kubernetes gave no answer to a review");
  return *allowed;
}

Result<Client::Rules> Client::rules(const std::string& space, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("namespace", space);
  w.end_object();
  const auto document = send("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                             review("SelfSubjectRulesReview", w.text()), deadline);
  if (!document.ok()) return document.status();
  const json::Value status = document->root()["status"];
  return Rules{read_rules(status["resourceRules"]), status["incomplete"].boolean().value_or(false)};
}

}  // namespace socbridge::kubernetes
