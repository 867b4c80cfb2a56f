// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/kubernetes/kubernetes.h"

#include "base/env.h"
#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::sandbox {
namespace {

constexpr std::string_view kCortexRules =
    R"({"rules":[{"apiGroups":["batch"],"resources":["jobs"],)"
    R"("verbs":["create","get","list","watch","delete"]},{"apiGroups":[""],)"
    R"("resources":["pods","pods/log"],"verbs":["get","list","watch"]}]})";

// A refusal in Kubernetes' form.
Response failure(int code, std::string_view reason, std::string_view message) {
  json::Writer w;
  w.begin_object();
  w.member("kind", "Status");
  w.member("apiVersion", "v1");
  w.member("status", "Failure");
  w.member("message", message);
  w.member("reason", reason);
  w.member("code", code);
  w.end_object();
  return json_response(code, std::move(w).take());
}

bool names(json::Value list, std::string_view wanted) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto one = list.at(i).string();
    if (one == wanted || one == "*") return true;
  }
  return false;
}

class Kubernetes final : public Product {
 public:
  Kubernetes(json::Document data, std::string key) : data_(std::move(data)), key_(std::move(key)) {}

  Response handle(const Request& request, const Fault&, const StopSignal&) override {
    const std::string bearer = "Bearer " + key_;
    if (key_.empty() ? request.authorization.empty() : request.authorization != bearer)
      return failure(401, "Unauthorized", "Unauthorized");
    for (const auto& [name, value] : request.headers) {
      if (name == "impersonate-user" && data_.root()["impersonate"].boolean() == false)
        return failure(403, "Forbidden",
                       "serviceaccounts \"" + value + "\" is forbidden: cannot impersonate");
    }
    if (request.path == "/version")
      return json_response(200, R"({"major":"1","minor":"30","gitVersion":"v1.30.2"})");
    const auto body = json::Document::parse(request.body);
    if (!body.ok()) return failure(400, "BadRequest", "the body is not JSON");
    constexpr std::string_view kBase = "/apis/authorization.k8s.io/v1/";
    if (request.path == std::string(kBase) + "selfsubjectaccessreviews")
      return access(body->root()["spec"]["resourceAttributes"]);
    if (request.path == std::string(kBase) + "selfsubjectrulesreviews") return rules();
    return failure(404, "NotFound", "the server could not find the requested resource");
  }

  Response injected(const Fault& fault) const override {
    return failure(fault.status, "InternalError", "Injected by a fault rule");
  }

 private:
  Response access(json::Value what) const {
    std::string resource(what["resource"].string_or_empty());
    if (const auto sub = what["subresource"].string()) resource += "/" + std::string(*sub);
    bool allowed = false;
    const json::Value rules = data_.root()["rules"];
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const json::Value rule = rules.at(i);
      allowed = allowed || (names(rule["apiGroups"], what["group"].string_or_empty()) &&
                            names(rule["resources"], resource) &&
                            names(rule["verbs"], what["verb"].string_or_empty()));
    }
    json::Writer w;
    w.begin_object();
    w.member("kind", "SelfSubjectAccessReview");
    w.member("apiVersion", "authorization.k8s.io/v1");
    w.key("status");
    w.begin_object();
    w.member("allowed", allowed);
    w.end_object();
    w.end_object();
    return json_response(201, std::move(w).take());
  }

  Response rules() const {
    json::Writer w;
    w.begin_object();
    w.member("kind", "SelfSubjectRulesReview");
    w.member("apiVersion", "authorization.k8s.io/v1");
    w.key("status");
    w.begin_object();
    w.key("resourceRules");
    w.begin_array();
    w.raw(R"({"verbs":["create"],"apiGroups":["authorization.k8s.io"],"resources":)"
          R"(["selfsubjectaccessreviews","selfsubjectrulesreviews"]})");
    const json::Value rules = data_.root()["rules"];
    for (std::size_t i = 0; i < rules.size(); ++i) w.value(rules.at(i));
    w.end_array();
    w.key("nonResourceRules");
    w.raw(R"([{"verbs":["get"],"nonResourceURLs":["/healthz","/version"]}])");
    w.member("incomplete", data_.root()["incomplete"].boolean().value_or(false));
    w.end_object();
    w.end_object();
    return json_response(201, std::move(w).take());
  }

  json::Document data_;
  std::string key_;
};

}  // namespace

Result<std::unique_ptr<Product>> make_kubernetes(const ProductSettings& settings) {
  constexpr std::size_t kMaxFile = std::size_t{1} << 20;
  std::string text(kCortexRules);
  if (!settings.data_file.empty()) {
    auto read = Env::real().read_file(settings.data_file, kMaxFile);
    if (!read.ok()) return Status::error(ExitCode::usage, read.status().message());
    text = std::move(*read);
  }
  auto document = json::Document::parse(text);
  if (!document.ok())
    return Status::error(ExitCode::usage, settings.data_file + ": " + document.status().message());
  std::unique_ptr<Product> made =
      std::make_unique<Kubernetes>(std::move(*document), std::string(settings.key.reveal()));
  return made;
}

}  // namespace socbridge::sandbox
