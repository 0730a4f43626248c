package dev.presage.router.plugin.scorer;

import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;
import java.util.Locale;

/** 1 where the label has the value of the request's header, else 0. */
record HeaderLabelScorer(String header, String label) implements Scorer {
    HeaderLabelScorer {
        header = header.toLowerCase(Locale.ROOT);
    }

    @Override
    public double[] score(Round round) {
        String wanted = round.header(header);
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = !wanted.isEmpty() && wanted.equals(round.label(i, label)) ? 1 : 0;
        }
        return scores;
    }
}
