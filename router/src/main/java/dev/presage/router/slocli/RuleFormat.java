package dev.presage.router.slocli;

import dev.presage.router.slo.LatencySlo;
import java.util.List;
import java.util.stream.Collectors;

/** How rules are written; the names are what the command line takes. */
enum RuleFormat {
    /** A rule file of Prometheus. */
    prometheus {
        @Override
        String render(List<LatencySlo> slos) {
            return "groups:\n" + groups(slos, "");
        }
    },
    /** A PrometheusRule of the Prometheus Operator. */
    operator {
        @Override
        String render(List<LatencySlo> slos) {
            return """
                    apiVersion: monitoring.coreos.com/v1
                    kind: PrometheusRule
                    metadata:
                      name: presage-slo
                    spec:
                      groups:
                    """ + groups(slos, "  ");
        }
    };

    abstract String render(List<LatencySlo> slos);

    private static String groups(List<LatencySlo> slos, String indent) {
        return slos.stream().map(slo -> new AlertRules(slo).group(indent)).collect(Collectors.joining());
    }
}
