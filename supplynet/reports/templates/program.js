(() => {
  const CLOSE = 1e-6; // share of a value that its proof may be off by

  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const unpacked = (text, format) => new Response(
    new Response(bytesOf(text)).body.pipeThrough(new DecompressionStream(format)),
  );

  let starting = null;
  /** HiGHS, started once from what the page carries; rejects where a browser cannot. */
  function solver() {
    starting ??= unpacked(document.getElementById("highs").textContent, "gzip").arrayBuffer()
      .then((bytes) => new Promise((resolve, reject) => {
        const instantiateWasm = (imports, receive) => {
          WebAssembly.instantiate(bytes, imports).then(({ instance }) => receive(instance), reject);
          return {};
        };
        Module({ instantiateWasm }).then(resolve, reject);
      }));
    return starting;
  }

  /** The program of a network with its matrix, unpacked once. */
  async function read(network) {
    const whole = network.whole ?? network;
    whole.read ??= await unpacked(whole.program, "deflate").json();
    const c = new Array(whole.read.n).fill(0);
    for (const column of network.objective) c[column] = 1;
    return { ...whole.read, c };
  }

  /** Right sides and upper bounds with plants at a part of what they can, and what is avoided shut. */
  function moved(network, program, parts, isOpen) {
    const rhs = [...program.upTo, ...program.exactly];
    const upper = new Array(program.c.length).fill(Infinity);
    if (!isOpen) for (const column of network.shut) upper[column] = 0;
    for (const [place, id] of network.plants) {
      const part = parts.get(id);
      if (part === undefined) continue;
      for (const row of program.rows[place]) rhs[row] *= part;
      if (part === 0) for (const column of program.columns[place]) upper[column] = 0;
    }
    return { rhs, upper };
  }

  /**
   * How far a solution is from proved: rows that are broken, and what its duals let through more.
   *
   * Weak duality, by sums of its own: no plan brings more than the right sides at their duals and
   * the upper bounds at what is left of the objective.
   */
  function gapOf(program, { rhs, upper }, x, dual) {
    const left = [...program.c];
    let bound = 0, broken = 0;
    for (let row = 0; row < rhs.length; row += 1) {
      let sum = 0;
      for (let at = program.starts[row]; at < program.starts[row + 1]; at += 1) {
        sum += program.values[at] * x[program.indices[at]];
        left[program.indices[at]] -= program.values[at] * dual[row];
      }
      const isEqual = row >= program.upTo.length;
      broken = Math.max(broken, isEqual ? Math.abs(sum - rhs[row]) : sum - rhs[row]);
      if (!isEqual) broken = Math.max(broken, -dual[row]);
      bound += dual[row] * rhs[row];
    }
    let value = 0, largest = 1;
    left.forEach((one, column) => {
      value += program.c[column] * x[column];
      largest = Math.max(largest, x[column]);
      broken = Math.max(broken, -x[column], x[column] - upper[column]);
      if (one > 0) bound += one * (upper[column] === Infinity ? largest : upper[column]);
    });
    return Math.max(Math.abs(bound - value), broken) / Math.max(1, Math.abs(value));
  }

  /** The most that is served, the limits that hold it down, and how close its proof is. */
  async function solve(network, parts, isOpen) {
    const [highs, program] = [await solver(), await read(network)];
    const state = moved(network, program, parts, isOpen);
    const { c, starts, indices, values, upTo } = program;
    return highs.withModel({
      numCols: c.length, numRows: state.rhs.length, sense: -1, // to the most
      colCost: c, colLower: new Array(c.length).fill(0), colUpper: state.upper,
      rowLower: state.rhs.map((one, row) => (row < upTo.length ? -Infinity : one)),
      rowUpper: state.rhs,
      matrix: { format: "csr", numRows: state.rhs.length, numCols: c.length, starts, indices, values },
    }, (model) => {
      model.options.set({ output_flag: false });
      model.run();
      if (model.getModelStatus() !== highs.constants.modelStatus.optimal) {
        return { value: NaN, limits: [], gap: NaN };
      }
      const { colValue, rowDual } = model.getSolution();
      const value = model.getObjectiveValue();
      const limits = Object.entries(program.names)
        .map(([row, name]) => [name, rowDual[row] * state.rhs[row]])
        .filter(([, through]) => through > CLOSE * Math.max(1, value));
      return { value, limits, gap: gapOf(program, state, colValue, rowDual) };
    });
  }

  window.supplynetProgram = { solve, CLOSE };
})();
