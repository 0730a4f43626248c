'use strict';
// Polls /api/state once a second and draws it. All times in the document are engine time in ms, positions in wall seconds.
const arms = ['heuristic', 'lmetric', 'learned'];
const byId = id => document.getElementById(id);
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const number = (value, digits) => value === null || value === undefined ? '–' : value.toFixed(digits);
const seconds = ms => ms === null || ms === undefined ? '–' : (ms / 1000).toFixed(2) + ' s';
const percent = share => share === null || share === undefined ? '–' : (100 * share).toFixed(1) + ' %';
let percentile = 'p90';
let target = 'ttft';
let last = null;
Chart.defaults.plugins.colors.enabled = false;

function axis(title, extra) {
  return Object.assign({ title: { display: true, text: title }, grid: {}, ticks: {} }, extra);
}

const line = new Chart(byId('ttft'), {
  type: 'line',
  data: { datasets: arms.map(arm => ({ label: arm, data: [], pointRadius: 0, borderWidth: 2, tension: .25 })) },
  options: {
    animation: false, maintainAspectRatio: false, parsing: false, normalized: true,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    scales: { x: axis('seconds since the first request', { type: 'linear', min: 0 }), y: axis('', { beginAtZero: true }) },
  },
});
const scatter = new Chart(byId('scatter'), {
  type: 'scatter',
  data: { datasets: [
    { label: 'request', data: [], pointRadius: 2 },
    { label: 'perfect', type: 'line', data: [], pointRadius: 0, borderWidth: 1, borderDash: [4, 4] },
  ] },
  options: {
    animation: false, maintainAspectRatio: false, parsing: false,
    scales: { x: axis('predicted', { type: 'logarithmic' }), y: axis('actual', { type: 'logarithmic' }) },
  },
});
const bars = new Chart(byId('replicas'), {
  type: 'bar',
  data: { labels: [], datasets: arms.map(arm => ({ label: arm, data: [] })) },
  options: {
    animation: false, maintainAspectRatio: false,
    scales: { x: axis('', {}), y: axis('', { beginAtZero: true }) },
  },
});

function paint() {
  const ink = css('--soft');
  const grid = css('--line');
  for (const chart of [line, scatter, bars]) {
    chart.options.color = ink;
    chart.options.plugins.legend.labels.color = ink;
    for (const scale of Object.values(chart.options.scales)) {
      scale.ticks.color = ink;
      scale.title.color = ink;
      scale.grid.color = grid;
    }
  }
  arms.forEach((arm, i) => {
    line.data.datasets[i].borderColor = css('--' + arm);
    line.data.datasets[i].backgroundColor = css('--' + arm);
    bars.data.datasets[i].backgroundColor = css('--' + arm);
    bars.data.datasets[i].borderColor = css('--' + arm);
  });
  scatter.data.datasets[0].backgroundColor = css('--learned');
  scatter.data.datasets[0].borderColor = css('--learned');
  scatter.data.datasets[1].backgroundColor = 'transparent';
  scatter.data.datasets[1].borderColor = ink;
}

function row(cells, color) {
  const tr = document.createElement('tr');
  cells.forEach((text, i) => {
    const cell = document.createElement(i === 0 ? 'th' : 'td');
    if (i === 0) cell.scope = 'row';
    if (i === 0 && color) {
      const swatch = document.createElement('span');
      swatch.className = 'swatch';
      swatch.style.background = color;
      cell.append(swatch);
    }
    cell.append(text);
    tr.append(cell);
  });
  return tr;
}

function draw(state) {
  byId('phase').textContent = state.phase;
  byId('progress').value = state.planned_s > 0 ? Math.min(1, state.elapsed_s / state.planned_s) : 0;
  byId('arms').replaceChildren(...state.arms.map(arm => row([
    arm.name, arm.answered, arm.in_flight, arm.failed, seconds(arm.ttft_p50), seconds(arm.ttft_p90),
    number(arm.tpot_p50, 1) + ' ms', number(arm.tpot_p90, 1) + ' ms', percent(arm.prefix_hit)], css('--' + arm.name))));
  byId('arms-note').textContent = `Latencies of the last ${state.window_s} s, in engine time (wall time × ${state.speed_up}).`;
  state.arms.forEach((arm, i) => {
    line.data.datasets[i].data = state.series.map(point => ({ x: point.t, y: point[arm.name + '_' + percentile] }))
      .filter(point => point.y !== null).map(point => ({ x: point.x, y: point.y / 1000 }));
  });
  const scale = target === 'ttft' ? 1000 : 1;
  const pairs = state.pairs.map(pair => ({ x: pair[target + '_predicted'] / scale, y: pair[target + '_actual'] / scale }))
    .filter(pair => pair.x > 0 && pair.y > 0);
  const all = pairs.flatMap(pair => [pair.x, pair.y]);
  const ends = all.length ? [Math.min(...all), Math.max(...all)] : [];
  scatter.data.datasets[0].data = pairs;
  scatter.data.datasets[1].data = ends.map(value => ({ x: value, y: value }));
  const unit = target === 'ttft' ? 's' : 'ms';
  scatter.options.scales.x.title.text = `predicted median, ${unit}`;
  scatter.options.scales.y.title.text = `actual, ${unit}`;
  bars.data.labels = state.replicas.map(replica => replica.name);
  arms.forEach((arm, i) => { bars.data.datasets[i].data = state.replicas.map(replica => 100 * replica[arm]); });
  byId('models').replaceChildren(...state.models.slice().reverse().map(model => row([
    model.t.toFixed(0) + ' s', model.id, model.requests, percent(model.ttft_error), percent(model.tpot_error), percent(model.coverage)])));
  paint();
  for (const chart of [line, scatter, bars]) chart.update('none');
}

function toggle(pressed, other, change) {
  byId(pressed).addEventListener('click', () => {
    change();
    byId(pressed).setAttribute('aria-pressed', 'true');
    byId(other).setAttribute('aria-pressed', 'false');
    if (last) draw(last);
  });
}
toggle('show-p50', 'show-p90', () => { percentile = 'p50'; });
toggle('show-p90', 'show-p50', () => { percentile = 'p90'; });
toggle('show-ttft', 'show-tpot', () => { target = 'ttft'; });
toggle('show-tpot', 'show-ttft', () => { target = 'tpot'; });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (last) draw(last); });

async function poll() {
  try {
    const response = await fetch('api/state');
    last = await response.json();
    draw(last);
  } catch (gone) {
    byId('phase').textContent = last ? 'The run is over; this page shows its last state.' : 'No answer from the run.';
    if (last) return;
  }
  setTimeout(poll, 1000);
}
poll();
