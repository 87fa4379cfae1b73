/** Drawn by the graphics card where there is one, else by the browser's software renderer. */
export interface PointRenderer {
  /** x and y of each point at the start and the end of the way, and red, green, blue, alpha of each. */
  load(points: { from: Float32Array; to: Float32Array; colours: Uint8Array }): void;
  draw(view: { way: number; zoom: number; x: number; y: number; size: number }): void;
  end(): void;
}

const vertexSource = `#version 300 es
in vec2 start; in vec2 finish; in vec4 colour;
uniform float way; uniform float zoom; uniform vec2 centre; uniform vec2 aspect; uniform float size;
out vec4 shade;
void main() {
  vec2 place = (mix(start, finish, way) - centre) * zoom * aspect;
  gl_Position = vec4(place, 0.0, 1.0);
  gl_PointSize = size;
  shade = colour;
}`;
const fragmentSource = `#version 300 es
precision mediump float;
in vec4 shade; out vec4 pixel;
void main() {
  float far = length(gl_PointCoord - 0.5);
  float cover = 1.0 - smoothstep(0.38, 0.5, far);
  pixel = vec4(shade.rgb * shade.a * cover, shade.a * cover);
}`;

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader | null {
  const shader = gl.createShader(type);
  if (shader === null) return null;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return gl.getShaderParameter(shader, gl.COMPILE_STATUS) ? shader : null;
}

function link(gl: WebGL2RenderingContext): WebGLProgram | null {
  const [vertex, fragment] = [
    compile(gl, gl.VERTEX_SHADER, vertexSource),
    compile(gl, gl.FRAGMENT_SHADER, fragmentSource),
  ];
  const program = gl.createProgram();
  if (vertex === null || fragment === null || program === null) return null;
  gl.attachShader(program, vertex);
  gl.attachShader(program, fragment);
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}

/** Null where the browser cannot draw with WebGL 2. */
export function createPointRenderer(canvas: HTMLCanvasElement): PointRenderer | null {
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
  const program = gl === null ? null : link(gl);
  if (gl === null || program === null) return null;
  const names = ['start', 'finish', 'colour'] as const;
  const buffers = names.map((name) => ({ place: gl.getAttribLocation(program, name), buffer: gl.createBuffer() }));
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  const places = { way: uniform('way'), zoom: uniform('zoom'), centre: uniform('centre'), size: uniform('size') };
  const aspectPlace = uniform('aspect');
  let count = 0;
  return {
    load({ from, to, colours }) {
      count = from.length / 2;
      for (const [at, values] of [from, to, colours].entries()) {
        const { place, buffer } = buffers[at] ?? { place: -1, buffer: null };
        gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
        gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
        gl.enableVertexAttribArray(place);
        const isColour = at === 2;
        gl.vertexAttribPointer(place, isColour ? 4 : 2, isColour ? gl.UNSIGNED_BYTE : gl.FLOAT, isColour, 0, 0);
      }
    },
    draw({ way, zoom, x, y, size }) {
      const { width, height } = canvas;
      const short = Math.min(width, height) || 1;
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      // biome-ignore lint/correctness/useHookAtTopLevel: a function of WebGL, no hook.
      gl.useProgram(program);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.uniform1f(places.way, way);
      gl.uniform1f(places.zoom, zoom);
      gl.uniform2f(places.centre, x, y);
      gl.uniform1f(places.size, size);
      gl.uniform2f(aspectPlace, short / (width || 1), short / (height || 1));
      gl.drawArrays(gl.POINTS, 0, count);
    },
    end: () => {
      for (const { buffer } of buffers) gl.deleteBuffer(buffer);
      gl.deleteProgram(program);
    },
  };
}
