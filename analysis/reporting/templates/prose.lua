-- Reads every piece of prose of a document in one run, makes it harmless, and writes it as HTML and as Typst.
-- Input: JSON [Markdown, ...]. Output, to be written as HTML: the HTML, the character U+001F, the Typst.
-- After each piece stands the character U+001E, before each heading of Typst U+001D;
-- in HTML a table of contents follows the last piece, then the notes.

-- To read with an extension takes longer, whether or not the text has the sign without which it does nothing.
local EXTENSIONS = {
  { name = 'footnotes', signs = { '[^' } },
  { name = 'tex_math_dollars', signs = { '$' } },
  { name = 'pipe_tables', signs = { '|' } },
  { name = 'strikeout', signs = { '~' } },
  { name = 'autolink_bare_uris', signs = { ':', '@', 'www' } },
}
local WRITTEN = { html_math_method = 'mathml', wrap_text = 'wrap-none' }
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

local function choose_format(markdown)
  local format, text = 'commonmark', markdown:lower()
  for _, extension in ipairs(EXTENSIONS) do
    for _, sign in ipairs(extension.signs) do
      if text:find(sign, 1, true) then
        format = format .. '+' .. extension.name
        break
      end
    end
  end
  return format
end

-- What pandoc writes for each formula; to write them one by one takes four times as long.
local function write_formulas(pieces)
  local formulas, sources = pandoc.Blocks {}, {}
  pieces:walk {
    Math = function(formula)
      formulas:extend { pandoc.Plain { formula }, pandoc.RawBlock('typst', '\x1f') }
      table.insert(sources, formula.mathtype .. formula.text)
    end,
  }
  local written, number = {}, 0
  for converted in pandoc.write(pandoc.Pandoc(formulas), 'typst'):gmatch('%s*(.-)%s*\x1f') do
    number = number + 1
    written[sources[number]] = converted
  end
  return written
end

-- PDF/UA asks for an alternative text of each formula: its TeX source.
-- A formula that pandoc cannot convert is shown as its source.
local function describe_math(pieces)
  local written = write_formulas(pieces)
  return function(formula)
    local converted = written[formula.mathtype .. formula.text]
    if converted:sub(1, 1) ~= '$' or converted:sub(-1) ~= '$' then return pandoc.Code(formula.text) end
    local alt = formula.text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('%s+', ' ')
    local block = tostring(formula.mathtype == 'DisplayMath')
    return pandoc.RawInline('typst', ('#math.equation(block: %s, alt: "%s", %s)'):format(block, alt, converted))
  end
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

-- Typst reads a sign at the start of an item, a cell, a note or a link as markup, as at the start of a line.
-- Pandoc escapes it at the start of a paragraph alone.
local function escape_start(inlines)
  local first = inlines[1]
  if not first or first.t ~= 'Str' then return nil end
  local before, sign, rest = first.text:match('^(%d*)([=+/.-])(.*)$')
  if not sign or (sign == '.') ~= (before ~= '') then return nil end
  inlines[1] = pandoc.Str(rest)
  inlines:insert(1, pandoc.RawInline('typst', before .. '\\' .. sign))
  return inlines
end

local function filters(pieces, to)
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
    Math = to == 'typst' and describe_math(pieces) or nil,
    Inlines = to == 'typst' and escape_start or nil,
  }
end

-- Typst would move the first line of a paragraph to the next page for the sake of its second, and leave the note of its
-- mark behind. Where there is a note, the line may stand alone.
local function keep_with_note(block)
  local has_note = false
  block:walk { Note = function() has_note = true end }
  if block.t ~= 'Para' or not has_note then return { block } end
  return { pandoc.RawBlock('typst', '#[#set text(costs: (orphan: 0%))'), block, pandoc.RawBlock('typst', ']') }
end

-- A part of a document as one format writes it. Only here the two differ, so that prose is read once for both.
local function write(pieces, to)
  pieces = pieces:walk(filters(pieces, to))
  local is_html = to == 'html'
  local blocks = pandoc.Blocks {}
  for _, piece in ipairs(pieces) do
    for _, block in ipairs(piece.content) do
      if block.t == 'Header' and not is_html then blocks:insert(pandoc.RawBlock(to, '\x1d')) end
      blocks:extend(is_html and { block } or keep_with_note(block))
    end
    blocks:insert(pandoc.RawBlock(to, '\x1e'))
  end
  if is_html then
    local headings = blocks:filter(function(block) return block.t == 'Header' end)
    blocks:insert(pandoc.structure.table_of_contents(headings, { toc_depth = 3 }))
    blocks:insert(pandoc.RawBlock(to, '\x1e'))
  end
  return pandoc.write(pandoc.Pandoc(blocks), to, WRITTEN)
end

function Reader(sources)
  local pieces = pandoc.Blocks {}
  for _, markdown in ipairs(pandoc.json.decode(tostring(sources), false)) do
    pieces:insert(pandoc.Div(pandoc.read(markdown, choose_format(markdown), nil, {}).blocks))
  end
  return pandoc.Pandoc { pandoc.RawBlock('html', write(pieces, 'html') .. '\x1f' .. write(pieces, 'typst')) }
end
