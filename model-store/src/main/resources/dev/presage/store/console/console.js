'use strict';
// Draws what pages carry in data-chart and renews what they carry in data-live. Pages say all of it in tables too.
(() => {
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const percent = share => share === null ? '–' : (100 * share).toFixed(1) + ' %';
  const charts = new Map();
  const period = 5000;
  Chart.defaults.plugins.colors.enabled = false;
  Chart.defaults.font.family = 'system-ui, sans-serif';

  function axis(title, extra) {
    return Object.assign({ title: { display: title !== '', text: title }, grid: {}, ticks: {} }, extra);
  }

  function options(spec) {
    const xy = spec.kind === 'line' || spec.kind === 'scatter';
    const stacked = spec.kind === 'stack';
    const type = { type: spec.log ? 'logarithmic' : 'linear' };
    const wide = spec.kind === 'bar' || stacked;
    return {
      animation: false, maintainAspectRatio: false, indexAxis: wide ? 'y' : 'x',
      scales: xy
        ? { x: axis(spec.x, type), y: axis(spec.y, type) }
        : { x: axis(spec.x, { stacked, beginAtZero: true }), y: axis(spec.y, { stacked, beginAtZero: true }) },
      plugins: { legend: { display: spec.series.length > 1 || spec.diagonal, labels: { boxWidth: 14 } } },
    };
  }

  function datasets(spec) {
    const xy = spec.kind === 'line' || spec.kind === 'scatter';
    const sets = spec.series.map(series => ({
      label: series.name,
      data: xy ? series.points.map(([x, y]) => ({ x, y })) : series.points,
      pointRadius: spec.kind === 'scatter' ? 2 : 4,
      borderWidth: spec.kind === 'line' ? 2 : 0,
      maxBarThickness: 44,
      ...(series.dashed ? { type: 'line', showLine: false, pointStyle: 'line', pointRadius: 22, pointBorderWidth: 3, order: -1 } : {}),
    }));
    if (spec.diagonal) {
      const all = spec.series.flatMap(series => series.points.flat());
      const ends = spec.log ? (all.length ? [Math.min(...all), Math.max(...all)] : []) : [0, 1];
      sets.push({ label: 'equal', type: 'line', data: ends.map(value => ({ x: value, y: value })), pointRadius: 0, borderWidth: 1, borderDash: [5, 4] });
    }
    return sets;
  }

  function paint(chart) {
    const ink = css('--ink');
    chart.options.plugins.legend.labels.color = ink;
    for (const scale of Object.values(chart.options.scales)) {
      scale.ticks.color = ink;
      scale.title.color = ink;
      scale.grid.color = css('--line');
    }
    chart.data.datasets.forEach((set, i) => {
      const color = set.label === 'equal' ? css('--soft') : css('--series-' + (i % 3 + 1));
      set.borderColor = color;
      set.backgroundColor = set.borderDash ? 'transparent' : color;
    });
    chart.update('none');
  }

  function draw(canvas) {
    const spec = JSON.parse(canvas.dataset.chart);
    const types = { bar: 'bar', column: 'bar', stack: 'bar', line: 'line', scatter: 'scatter' };
    const chart = new Chart(canvas, {
      type: types[spec.kind], data: { labels: spec.labels, datasets: datasets(spec) }, options: options(spec),
    });
    charts.set(canvas, { chart, spec });
    paint(chart);
  }

  function renew(live) {
    const figures = {
      decisions: live.decisions.toLocaleString('en'), per_second: live.per_second.toFixed(2),
      ttft_error: percent(live.ttft_error), tpot_error: percent(live.tpot_error), covered: percent(live.covered),
      fallbacks: Object.entries(live.fallbacks).map(([name, share]) => `${name} ${percent(share)}`).join(' ') || 'none',
    };
    return (root) => root.querySelectorAll('[data-figure]').forEach(node => { node.textContent = figures[node.dataset.figure]; });
  }

  function scatter(live) {
    for (const { chart, spec } of charts.values()) {
      const target = spec.kind === 'scatter' ? spec.series[0].name : '';
      if (target === 'TTFT') spec.series[0].points = live.pairs.map(pair => [pair.ttft_ms, pair.actual_ttft_ms]);
      if (target === 'TPOT') spec.series[0].points = live.pairs.map(pair => [pair.tpot_ms, pair.actual_tpot_ms]);
      if (target) {
        spec.series[0].points = spec.series[0].points.filter(([x, y]) => x > 0 && y > 0);
        chart.data.datasets = datasets(spec);
        paint(chart);
      }
    }
  }

  async function poll(tiles) {
    const pause = document.getElementById('pause');
    if (!document.hidden && !(pause && pause.checked)) {
      try {
        const response = await fetch(tiles.dataset.live);
        if (!response.ok) return;
        const live = await response.json();
        renew(live)(tiles.closest('section'));
        scatter(live);
      } catch (gone) {
        // The store is away; the figures of before stay.
      }
    }
    setTimeout(() => poll(tiles), period);
  }

  document.querySelectorAll('canvas[data-chart]').forEach(draw);
  document.querySelectorAll('[data-live]').forEach(tiles => setTimeout(() => poll(tiles), period));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(({ chart }) => paint(chart)));
})();
