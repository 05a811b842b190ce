-- Reads every piece of prose of a document in one run, and makes it harmless.
-- Input: JSON {to: "html" | "typst", pieces: [Markdown, ...]}.
-- Output: after each piece the character U+001E, before each top heading of Typst U+001D;
-- for HTML a table of contents follows the last piece, then the notes.

local MARKDOWN = 'commonmark+footnotes+tex_math_dollars+pipe_tables+strikeout+autolink_bare_uris'
local ALIGNMENTS = { AlignLeft = 'left', AlignRight = 'right', AlignCenter = 'center' }

-- Markup of another language is shown as the text it is. Comments are not for the reader.
local function show_raw(text)
  if text:match('^%s*<!%-%-') then return {} end
  if text:match('^<br%s*/?>$') then return pandoc.LineBreak() end
  return pandoc.Str((text:gsub('%s+', ' ')))
end

local function show_raw_block(text)
  if text:match('^%s*<!%-%-.*%-%->%s*$') then return {} end
  return pandoc.CodeBlock(text)
end

-- PDF/UA asks for an alternative text of each formula: its TeX source.
-- A formula that pandoc cannot convert is shown as its source.
local function describe_math(formula)
  local converted = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ formula }) }), 'typst'):gsub('%s+$', '')
  if converted:sub(1, 1) ~= '$' or converted:sub(-1) ~= '$' then return pandoc.Code(formula.text) end
  local alt = formula.text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('%s+', ' ')
  local block = tostring(formula.mathtype == 'DisplayMath')
  return pandoc.RawInline('typst', ('#math.equation(block: %s, alt: "%s", %s)'):format(block, alt, converted))
end

-- The title is the only heading of level one, and no level is skipped.
local function level_headings(to)
  local previous, taken = 1, {}
  return function(heading)
    heading.level = math.min(math.max(heading.level, 2), previous + 1)
    previous = heading.level
    heading.identifier = ''
    if to == 'html' then
      local words = pandoc.utils.stringify(heading.content:walk { Note = function() return {} end })
      local base = 'section-' .. pandoc.text.lower(words):gsub('[%s%p]+', '-'):gsub('^%-', ''):gsub('%-$', '')
      local identifier, number = base, 1
      while taken[identifier] do
        number = number + 1
        identifier = base .. '-' .. number
      end
      taken[identifier] = true
      heading.identifier = identifier
    else
      heading.level = heading.level - 1 -- Typst's title is not a heading
    end
    return heading
  end
end

local function class_cells(rows, alignments)
  for _, row in ipairs(rows) do
    for column, cell in ipairs(row.cells) do
      local alignment = alignments[column]
      if alignment then cell.attr.classes = { alignment } end
    end
  end
end

-- Alignment as a class: a style attribute would be an exception to the page's security policy.
local function class_table(tbl)
  local alignments = {}
  for column, spec in ipairs(tbl.colspecs) do alignments[column] = ALIGNMENTS[spec[1]] end
  tbl.colspecs = tbl.colspecs:map(function() return { pandoc.AlignDefault, nil } end)
  class_cells(tbl.head.rows, alignments)
  for _, body in ipairs(tbl.bodies) do class_cells(body.body, alignments) end
  return pandoc.Div({ tbl }, { class = 'scroll' })
end

local function filters(to)
  return {
    Image = function(image) return image.caption end,
    Link = function(link)
      if not link.target:match('^https?://') then return link.content end
      return pandoc.Link(link.content, link.target)
    end,
    RawInline = function(raw) return show_raw(raw.text) end,
    RawBlock = function(raw) return show_raw_block(raw.text) end,
    CodeBlock = function(code) return pandoc.CodeBlock(code.text) end,
    Header = level_headings(to),
    Table = to == 'html' and class_table or nil,
    Math = to == 'typst' and describe_math or nil,
  }
end

function Reader(sources)
  local request = pandoc.json.decode(tostring(sources), false)
  local is_html = request.to == 'html'
  local pieces = pandoc.Blocks {}
  for _, markdown in ipairs(request.pieces) do
    pieces:insert(pandoc.Div(pandoc.read(markdown, MARKDOWN, nil, {}).blocks))
  end
  pieces = pieces:walk(filters(request.to))
  local blocks = pandoc.Blocks {}
  for _, piece in ipairs(pieces) do
    for _, block in ipairs(piece.content) do
      if block.t == 'Header' and not is_html then blocks:insert(pandoc.RawBlock(request.to, '\x1d')) end
      blocks:insert(block)
    end
    blocks:insert(pandoc.RawBlock(request.to, '\x1e'))
  end
  if is_html then
    local headings = blocks:filter(function(block) return block.t == 'Header' end)
    blocks:insert(pandoc.structure.table_of_contents(headings, { toc_depth = 3 }))
    blocks:insert(pandoc.RawBlock(request.to, '\x1e'))
  end
  return pandoc.Pandoc(blocks)
end
